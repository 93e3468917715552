/** A request that a curl line makes. */
export interface CurlRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as a form; no field makes it a GET. */
  readonly fields: Readonly<Record<string, string>>;
  /** Time limit in seconds. */
  readonly maxTimeS?: number;
}

/** Returns a command line for a POSIX shell that makes the request and prints the reply with its head. */
export function curlLine({ url, headers, fields, maxTimeS }: CurlRequest): string {
  return [
    'curl -i',
    // The certificate of a mock is usually self-signed.
    ...(url.startsWith('https:') ? ['-k'] : []),
    ...(maxTimeS === undefined ? [] : [`-m ${maxTimeS}`]),
    ...Object.entries(headers).map(([name, value]) => `-H ${shellQuoted(`${name}: ${value}`)}`),
    ...Object.entries(fields).map(([name, value]) => `--data-urlencode ${shellQuoted(`${name}=${value}`)}`),
    shellQuoted(url),
  ].join(' ');
}

/** Characters without a meaning in a shell, wherever they are in an argument. */
const PLAIN = /^[\p{L}\p{N}_@%+=:,./-]+$/u;

/** Returns a text as one argument of a POSIX shell, in single quotes if it needs them. */
export function shellQuoted(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
