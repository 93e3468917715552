/** Maximum length of the header value of a refusal, in bytes. Clients refuse more than 16 KiB of headers. */
const MAX_VALUE = 4096;

/**
 * Encodes a header value as bytes: Chinese is sent as raw UTF-8, which Node expects as one character per byte. Control
 * characters, which headers may not contain, become `?`.
 */
export function headerBytes(value: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is to be taken out
  return Buffer.from(value.replaceAll(/[\u0000-\u001f\u007f]/g, '?'), 'utf8')
    .toString('latin1')
    .slice(0, MAX_VALUE);
}

/** Formats a whole HTTP/1.1 reply as bytes, for faults that node:http would correct. */
export function rawReply(
  statusLine: string,
  headers: Readonly<Record<string, string | number>>,
  body: string | Buffer = '',
): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${statusLine}\r\n${lines.join('')}\r\n`, 'latin1'),
    typeof body === 'string' ? Buffer.from(body, 'utf8') : body,
  ]);
}
