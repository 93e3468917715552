/** What a client offers in its first message (RFC 8446, 4.1.2). */
export interface ClientHello {
  readonly protocols: readonly string[];
  readonly versions: string[];
}

const VERSIONS: Readonly<Record<number, string>> = {
  0x0301: 'TLS 1.0',
  0x0302: 'TLS 1.1',
  0x0303: 'TLS 1.2',
  0x0304: 'TLS 1.3',
};
const ALPN = 16;
const SUPPORTED_VERSIONS = 43;
/** Record header, message header, legacy version and random. */
const FIXED_BYTES = 5 + 4 + 2 + 32;

/** Reads a ClientHello that is one TLS record. */
export function readClientHello(bytes: Buffer): ClientHello {
  let at = FIXED_BYTES;
  at += 1 + bytes.readUInt8(at); // session id
  at += 2 + bytes.readUInt16BE(at); // cipher suites
  at += 1 + bytes.readUInt8(at); // compression methods
  const end = at + 2 + bytes.readUInt16BE(at);
  at += 2;
  const extensions = new Map<number, Buffer>();
  while (at < end) {
    const length = bytes.readUInt16BE(at + 2);
    extensions.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return {
    protocols: namesIn(extensions.get(ALPN)!.subarray(2)),
    versions: numbersIn(extensions.get(SUPPORTED_VERSIONS)!.subarray(1)).map((one) => VERSIONS[one] ?? String(one)),
  };
}

function namesIn(list: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at < list.length; at += 1 + list[at]!)
    names.push(list.toString('latin1', at + 1, at + 1 + list[at]!));
  return names;
}

function numbersIn(list: Buffer): number[] {
  return Array.from({ length: list.length / 2 }, (_, i) => list.readUInt16BE(2 * i));
}
