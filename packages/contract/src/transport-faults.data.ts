/** The progress of the exchange when the fault occurs. */
export type FaultPhase = 'connect' | 'request' | 'headers' | 'body' | 'reply';

/** A failure of the connection rather than of the vendor. */
export interface TransportFault {
  readonly name: string;
  readonly phase: FaultPhase;
  readonly description: string;
  /** The last five digits of the test mobile for which the mock produces this fault. */
  readonly testSuffix: string;
}

/**
 * The transport faults that the mock can produce, by name. With every fault except `reset-at-connect` the upstream may
 * have received the whole question, so it may have been billed.
 */
// prettier-ignore
export const TRANSPORT_FAULTS = [
  { name: 'reset-at-connect', phase: 'connect', testSuffix: '99000', description: 'The connection is reset as soon as the request line arrives.' },
  { name: 'reset-after-request', phase: 'headers', testSuffix: '99001', description: 'The whole request is read, then the connection is reset.' },
  { name: 'reset-mid-body', phase: 'body', testSuffix: '99002', description: 'Half of the reply body is sent, then the connection is reset.' },
  { name: 'empty-close', phase: 'headers', testSuffix: '99003', description: 'The connection is closed without a byte of reply.' },
  { name: 'hang', phase: 'headers', testSuffix: '99004', description: 'The request is read and never answered.' },
  { name: 'hang-mid-headers', phase: 'headers', testSuffix: '99005', description: 'The reply stops in the middle of a header line.' },
  { name: 'hang-mid-body', phase: 'body', testSuffix: '99006', description: 'The reply stops in the middle of its body.' },
  { name: 'truncated-length', phase: 'body', testSuffix: '99007', description: 'Content-Length promises more bytes than are sent before the close.' },
  { name: 'truncated-chunk', phase: 'body', testSuffix: '99008', description: 'A chunked reply is closed inside a chunk.' },
  { name: 'bad-chunk', phase: 'body', testSuffix: '99009', description: 'A chunk size that is not a hexadecimal number.' },
  { name: 'not-http', phase: 'headers', testSuffix: '99010', description: 'The reply is not HTTP.' },
  { name: 'broken-json', phase: 'reply', testSuffix: '99011', description: 'HTTP 200 with JSON that ends too early.' },
  { name: 'html-502', phase: 'reply', testSuffix: '99012', description: 'A proxy answers 502 with an HTML page.' },
  { name: 'html-200', phase: 'reply', testSuffix: '99013', description: 'A proxy answers 200 with an HTML page.' },
  { name: 'gbk-declared', phase: 'reply', testSuffix: '99014', description: 'The reply is in GBK and says so.' },
  { name: 'gbk-lying', phase: 'reply', testSuffix: '99015', description: 'The reply is in GBK and claims to be UTF-8.' },
  { name: 'bom', phase: 'reply', testSuffix: '99016', description: 'The JSON is preceded by a byte order mark.' },
  { name: 'drip', phase: 'body', testSuffix: '99017', description: 'One byte at a time, so that no idle timeout ever fires.' },
  { name: 'wrong-content-type', phase: 'reply', testSuffix: '99018', description: 'A JSON match labelled text/html.' },
  { name: 'oversized-body', phase: 'body', testSuffix: '99019', description: 'A reply of one mebibyte.' },
  { name: 'oversized-header', phase: 'headers', testSuffix: '99020', description: 'A reply header of 64 KiB.' },
  { name: 'redirect-307', phase: 'reply', testSuffix: '99021', description: 'A 307 that would send the whole body to another place.' },
  { name: 'gzip-bomb', phase: 'body', testSuffix: '99022', description: 'A small gzip body that expands beyond every limit.' },
  { name: 'duplicate-keys', phase: 'reply', testSuffix: '99023', description: 'JSON that names `code` and `state` twice, the match last.' },
  { name: 'proto-key', phase: 'reply', testSuffix: '99024', description: 'JSON that carries its state under `__proto__`.' },
  { name: 'early-close', phase: 'reply', testSuffix: '99025', description: 'A good reply announces keep-alive, then the connection is closed at once.' },
  { name: 'empty-200', phase: 'reply', testSuffix: '99026', description: 'HTTP 200 without a body.' },
  { name: 'no-content-204', phase: 'reply', testSuffix: '99027', description: 'HTTP 204.' },
  { name: 'length-and-chunked', phase: 'headers', testSuffix: '99028', description: 'Both Content-Length and Transfer-Encoding: chunked.' },
  { name: 'flood-of-102', phase: 'headers', testSuffix: '99029', description: 'Informational replies without end.' },
  { name: 'deep-json', phase: 'reply', testSuffix: '99030', description: 'JSON nested thousands of levels deep.' },
  { name: 'http-408', phase: 'reply', testSuffix: '99031', description: 'A proxy answers 408.' },
  { name: 'http-429', phase: 'reply', testSuffix: '99032', description: 'A proxy answers 429 with Retry-After.' },
  { name: 'duplicate-reply', phase: 'reply', testSuffix: '99034', description: 'A good reply is sent twice on a connection that is kept.' },
  { name: 'contradictory-reply', phase: 'reply', testSuffix: '99033', description: 'HTTP 200 with a match, and a header in which the gateway refuses the call.' },
] as const satisfies readonly TransportFault[];

/** The name of a transport fault. */
export type TransportFaultName = (typeof TRANSPORT_FAULTS)[number]['name'];
