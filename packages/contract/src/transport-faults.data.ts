import type { Described } from './descriptions.data.js';

/** The progress of the exchange when the fault occurs. */
export type FaultPhase = 'connect' | 'request' | 'headers' | 'body' | 'reply';

/** A failure of the connection rather than of the vendor. */
export interface TransportFault extends Described {
  readonly name: string;
  readonly phase: FaultPhase;
  /** The last five digits of the test mobile for which the mock produces this fault. */
  readonly testSuffix: string;
}

/**
 * The transport faults that the mock can produce, by name. With every fault except `reset-at-connect` the upstream may
 * have received the whole question, so it may have been billed.
 */
// prettier-ignore
export const TRANSPORT_FAULTS = [
  { name: 'reset-at-connect', phase: 'connect', testSuffix: '99000', description: 'The connection is reset as soon as the request line arrives.', descriptionZh: '请求行到达即重置连接。' },
  { name: 'reset-after-request', phase: 'headers', testSuffix: '99001', description: 'The whole request is read, then the connection is reset.', descriptionZh: '读完请求后重置连接。' },
  { name: 'reset-mid-body', phase: 'body', testSuffix: '99002', description: 'Half of the reply body is sent, then the connection is reset.', descriptionZh: '响应体发送一半后重置连接。' },
  { name: 'empty-close', phase: 'headers', testSuffix: '99003', description: 'The connection is closed without a byte of reply.', descriptionZh: '不发送任何字节即关闭。' },
  { name: 'hang', phase: 'headers', testSuffix: '99004', description: 'The request is read and never answered.', descriptionZh: '读取请求后永不响应。' },
  { name: 'hang-mid-headers', phase: 'headers', testSuffix: '99005', description: 'The reply stops in the middle of a header line.', descriptionZh: '响应停在头部中间。' },
  { name: 'hang-mid-body', phase: 'body', testSuffix: '99006', description: 'The reply stops in the middle of its body.', descriptionZh: '响应停在正文中间。' },
  { name: 'truncated-length', phase: 'body', testSuffix: '99007', description: 'Content-Length promises more bytes than are sent before the close.', descriptionZh: '实际长度小于 Content-Length。' },
  { name: 'truncated-chunk', phase: 'body', testSuffix: '99008', description: 'A chunked reply is closed inside a chunk.', descriptionZh: '分块响应在块内中断。' },
  { name: 'bad-chunk', phase: 'body', testSuffix: '99009', description: 'A chunk size that is not a hexadecimal number.', descriptionZh: '块长度不是十六进制数。' },
  { name: 'not-http', phase: 'headers', testSuffix: '99010', description: 'The reply is not HTTP.', descriptionZh: '响应不是 HTTP。' },
  { name: 'broken-json', phase: 'reply', testSuffix: '99011', description: 'HTTP 200 with JSON that ends too early.', descriptionZh: '200 响应的 JSON 提前结束。' },
  { name: 'html-502', phase: 'reply', testSuffix: '99012', description: 'A proxy answers 502 with an HTML page.', descriptionZh: '代理返回 502 HTML 页面。' },
  { name: 'html-200', phase: 'reply', testSuffix: '99013', description: 'A proxy answers 200 with an HTML page.', descriptionZh: '代理返回 200 HTML 页面。' },
  { name: 'gbk-declared', phase: 'reply', testSuffix: '99014', description: 'The reply is in GBK and says so.', descriptionZh: '响应为 GBK 编码并已声明。' },
  { name: 'gbk-lying', phase: 'reply', testSuffix: '99015', description: 'The reply is in GBK and claims to be UTF-8.', descriptionZh: '响应为 GBK 编码却声称 UTF-8。' },
  { name: 'bom', phase: 'reply', testSuffix: '99016', description: 'The JSON is preceded by a byte order mark.', descriptionZh: 'JSON 前带有字节顺序标记。' },
  { name: 'drip', phase: 'body', testSuffix: '99017', description: 'One byte at a time, so that no idle timeout ever fires.', descriptionZh: '逐字节发送，空闲超时永不触发。' },
  { name: 'wrong-content-type', phase: 'reply', testSuffix: '99018', description: 'A JSON match labelled text/html.', descriptionZh: '一致结果的 JSON 被标为 text/html。' },
  { name: 'oversized-body', phase: 'body', testSuffix: '99019', description: 'A reply of one mebibyte.', descriptionZh: '1 MiB 的响应。' },
  { name: 'oversized-header', phase: 'headers', testSuffix: '99020', description: 'A reply header of 64 KiB.', descriptionZh: '64 KiB 的响应头。' },
  { name: 'redirect-307', phase: 'reply', testSuffix: '99021', description: 'A 307 that would send the whole body to another place.', descriptionZh: '307 重定向，会把整个请求体转发到别处。' },
  { name: 'gzip-bomb', phase: 'body', testSuffix: '99022', description: 'A small gzip body that expands beyond every limit.', descriptionZh: '解压后超出一切限制的 gzip。' },
  { name: 'duplicate-keys', phase: 'reply', testSuffix: '99023', description: 'JSON that names `code` and `state` twice, the match last.', descriptionZh: 'JSON 中 code 与 state 重复，后者为一致。' },
  { name: 'proto-key', phase: 'reply', testSuffix: '99024', description: 'JSON that carries its state under `__proto__`.', descriptionZh: 'state 藏在 __proto__ 之下。' },
  { name: 'early-close', phase: 'reply', testSuffix: '99025', description: 'A good reply announces keep-alive, then the connection is closed at once.', descriptionZh: '声明 keep-alive 后立即关闭连接。' },
  { name: 'empty-200', phase: 'reply', testSuffix: '99026', description: 'HTTP 200 without a body.', descriptionZh: '没有正文的 200。' },
  { name: 'no-content-204', phase: 'reply', testSuffix: '99027', description: 'HTTP 204.', descriptionZh: '204 响应。' },
  { name: 'length-and-chunked', phase: 'headers', testSuffix: '99028', description: 'Both Content-Length and Transfer-Encoding: chunked.', descriptionZh: '同时带有 Content-Length 与 chunked。' },
  { name: 'flood-of-102', phase: 'headers', testSuffix: '99029', description: 'Informational replies without end.', descriptionZh: '无穷无尽的 102 响应。' },
  { name: 'deep-json', phase: 'reply', testSuffix: '99030', description: 'JSON nested thousands of levels deep.', descriptionZh: '嵌套上万层的 JSON。' },
  { name: 'http-408', phase: 'reply', testSuffix: '99031', description: 'A proxy answers 408.', descriptionZh: '代理返回 408。' },
  { name: 'http-429', phase: 'reply', testSuffix: '99032', description: 'A proxy answers 429 with Retry-After.', descriptionZh: '代理返回 429 与 Retry-After。' },
  { name: 'duplicate-reply', phase: 'reply', testSuffix: '99034', description: 'A good reply is sent twice on a connection that is kept.', descriptionZh: '在保持的连接上把正常响应发送两遍。' },
  { name: 'contradictory-reply', phase: 'reply', testSuffix: '99033', description: 'HTTP 200 with a match, and a header in which the gateway refuses the call.', descriptionZh: '200 响应，正文为一致，网关响应头却表示拒绝。' },
] as const satisfies readonly TransportFault[];

/** The name of a transport fault. */
export type TransportFaultName = (typeof TRANSPORT_FAULTS)[number]['name'];
