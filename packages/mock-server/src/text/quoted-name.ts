/** The longest name that is repeated, in characters. */
const MAX_LENGTH = 64;

/**
 * A name that was not found, in quotes, for a message. What looks like no name, or holds a number as long as a mobile or
 * an ID number, is not repeated: a client with a defect can put a person there.
 */
export function quotedName(name: string): string {
  const short = name.slice(0, MAX_LENGTH);
  return /^[\w. -]*$/.test(short) && !/\d{7}/.test(short) ? JSON.stringify(short) : '"***"';
}
