/** Reads one variable; throws a sentence that names the rule and never the value. */
export type SettingRule<T> = (text: string) => T;

/** A whole number within bounds. */
export function wholeNumber(min: number, max: number): SettingRule<number> {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw new Error(`must be a whole number from ${min} to ${max}`);
    return value;
  };
}

/** A text of printable ASCII without spaces, of a least length. */
export function word(minLength: number): SettingRule<string> {
  return (text) => {
    if (!/^[\x21-\x7e]*$/.test(text) || text.length < minLength) {
      throw new Error(`must be at least ${minLength} printable ASCII characters without spaces`);
    }
    return text;
  };
}

/** The path of a file: any text without control characters. */
export function path(text: string): string {
  if (text === '' || /\p{Cc}/u.test(text)) throw new Error('must be a path without control characters');
  return text;
}

/** One of a few words. */
export function oneOf<const T extends string>(...words: readonly T[]): SettingRule<T> {
  return (text) => {
    const found = words.find((each) => each === text);
    if (found === undefined) throw new Error(`must be one of ${words.join(', ')}`);
    return found;
  };
}

/** Scheme and host, nothing behind them. */
export function origin(text: string): string {
  if (!URL.canParse(text) || !/^https?:\/\/[^/?#@]+$/.test(text)) throw new Error('must be http(s)://host[:port]');
  return text;
}

/** A rule that an empty text also satisfies: the setting is off. */
export function optional<T>(rule: SettingRule<T>): SettingRule<T | undefined> {
  return (text) => (text === '' ? undefined : rule(text));
}
