import { isIP } from 'node:net';

/** Parses one variable. Throws an error whose message contains the rule, but never the value. */
export type SettingRule<T> = (text: string) => T;

/** An integer within bounds. */
export function wholeNumber(min: number, max: number): SettingRule<number> {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw new Error(`must be a whole number from ${min} to ${max}`);
    return value;
  };
}

/** Printable ASCII without spaces, with a minimum length. */
export function word(minLength: number): SettingRule<string> {
  return (text) => {
    if (!/^[\x21-\x7e]*$/.test(text) || text.length < minLength) {
      throw new Error(`must be at least ${minLength} printable ASCII characters without spaces`);
    }
    return text;
  };
}

/** A file path without control characters. */
export function path(text: string): string {
  if (text === '' || /\p{Cc}/u.test(text)) throw new Error('must be a path without control characters');
  return text;
}

/** One of the given words. */
export function oneOf<const T extends string>(...words: readonly T[]): SettingRule<T> {
  return (text) => {
    const found = words.find((each) => each === text);
    if (found === undefined) throw new Error(`must be one of ${words.join(', ')}`);
    return found;
  };
}

/** Scheme and host without a path. */
export function origin(text: string): string {
  if (!URL.canParse(text) || !/^https?:\/\/[^/?#@]+$/.test(text)) throw new Error('must be http(s)://host[:port]');
  return text;
}

/** The URL of a Redis server, with its credentials if it needs some. */
export function redisUrl(text: string): string {
  if (!/^rediss?:\/\/[^\s/?#]+/.test(text) || !URL.canParse(text)) {
    throw new Error('must be redis://[user:password@]host[:port][/database], or rediss:// with TLS');
  }
  return text;
}

/** Accepts an empty value as undefined. */
export function optional<T>(rule: SettingRule<T>): SettingRule<T | undefined> {
  return (text) => (text === '' ? undefined : rule(text));
}

/** A comma-separated list. An empty value is an empty list. */
export function listOf<T>(rule: SettingRule<T>): SettingRule<readonly T[]> {
  return (text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .map(rule);
}

/** A host in lower case: `name`, `name:port` or `[::1]:port`. */
export function hostName(text: string): string {
  const isHost = /^(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(text);
  if (!isHost || !URL.canParse(`http://${text}`)) throw new Error('must be a list of hosts: name or name:port');
  return text.toLowerCase();
}

/** An IP address, or a network in CIDR notation. */
export function network(text: string): string {
  const [address = '', bits, ...more] = text.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const isNetwork = more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest));
  if (longest < 0 || !isNetwork) throw new Error('must be a list of addresses or networks, as 10.0.0.0/8');
  return text;
}

/** Replaces a value that Kubernetes sets for a Service (`tcp://10.0.0.1:80`) with the default. */
export function unlessInjected<T>(rule: SettingRule<T>, byDefault: string): SettingRule<T> {
  return (text) => rule(/^(?:tcp|udp|sctp):\/\//i.test(text) ? byDefault : text);
}
