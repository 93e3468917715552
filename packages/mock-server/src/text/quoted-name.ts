/** Maximum length of a quoted name, in characters. */
const MAX_LENGTH = 64;

/**
 * Quotes an unknown name for a message. A value that does not look like a name, or contains as many digits as a mobile
 * or an ID number, is not quoted, because it may be personal data.
 */
export function quotedName(name: string): string {
  const short = name.slice(0, MAX_LENGTH);
  return /^[\w. -]*$/.test(short) && !/\d{7}/.test(short) ? JSON.stringify(short) : '"***"';
}
