/** Version of this package; a test holds it to the manifest, which neither build can read in the same way. */
export const VERSION = '0.1.0';
