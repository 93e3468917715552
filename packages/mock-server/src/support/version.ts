/**
 * The version of this package. A test compares it with the manifest, because the two builds cannot read that in one
 * way.
 */
export const VERSION = '0.1.0';
