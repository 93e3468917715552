import { isIP } from 'node:net';

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

/** A list, its items separated by commas; empty when the text is. */
export function listOf<T>(rule: SettingRule<T>): SettingRule<readonly T[]> {
  return (text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .map(rule);
}

/** A host as a browser writes it, in lower case: `name`, `name:port`, `[::1]:port`. */
export function hostName(text: string): string {
  const isHost = /^(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(text);
  if (!isHost || !URL.canParse(`http://${text}`)) throw new Error('must be a list of hosts: name or name:port');
  return text.toLowerCase();
}

/** An address, or a network in CIDR notation. */
export function network(text: string): string {
  const [address = '', bits, ...more] = text.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const isNetwork = more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest));
  if (longest < 0 || !isNetwork) throw new Error('must be a list of addresses or networks, as 10.0.0.0/8');
  return text;
}

/** A rule for which what Kubernetes sets for a Service (`tcp://10.0.0.1:80`) is as good as nothing. */
export function unlessInjected<T>(rule: SettingRule<T>, byDefault: string): SettingRule<T> {
  return (text) => rule(/^(?:tcp|udp|sctp):\/\//i.test(text) ? byDefault : text);
}
