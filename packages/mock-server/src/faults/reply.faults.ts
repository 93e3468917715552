import { GATEWAY_HEADERS, GATEWAY_ROWS, type TransportFaultName } from '@identity-verify/contract';
import type { FaultContext, FaultPlay } from './fault.types.js';

const JSON_TYPE = 'application/json;charset=UTF-8';
const HTML_TYPE = 'text/html; charset=utf-8';

interface SpoiltReply {
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Sends a well-framed reply with invalid content. */
const reply = (httpStatus: number, build: (context: FaultContext) => SpoiltReply): FaultPlay => ({
  httpStatus,
  play: (context) => {
    const { type = JSON_TYPE, headers = {}, body = '' } = build(context);
    const length = httpStatus === 204 ? {} : { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) };
    context.response.writeHead(httpStatus, { ...length, 'X-Ca-Request-Id': context.requestId, ...headers });
    context.response.end(body);
  },
});

const page = (title: string) =>
  `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center><hr>proxy</body></html>\n`;

/** 成功 in GBK. Node has no GBK encoder. */
const SUCCESS_IN_GBK = Buffer.from([0xb3, 0xc9, 0xb9, 0xa6]);

/** A reply in GBK. Everything but the message is ASCII. */
const inGbk = (text: string) => {
  const [before = '', after = ''] = text.split('成功');
  return Buffer.concat([Buffer.from(before), SUCCESS_IN_GBK, Buffer.from(after)]);
};

/** Repeats the keys, with a match last. A parser that takes the last value accepts it as a match. */
const withDuplicateKeys = (match: string) =>
  match.replace('{"code":', '{"code":"10001","code":').replace('"data":{', '"data":{"state":"2",');

const MIB = 1024 * 1024;

/** Decompressed size of the bomb, in MiB. Above any sane limit, but bearable for a client without one. */
const BOMB_MIB = 256;

/** Consecutive gzip members form one stream, so the bomb repeats one member of about a kilobyte. */
const bomb = (match: string) => {
  // Loaded only for this fault.
  const { gzipSync } = process.getBuiltinModule('node:zlib');
  const padding = gzipSync(' '.repeat(MIB));
  return Buffer.concat([...Array.from({ length: BOMB_MIB }, () => padding), gzipSync(match)]);
};

const DEEP_LEVELS = 10_000;

const THROTTLED = GATEWAY_ROWS.find(({ id }) => id === 'throttled-by-api')!;
const REFUSED = { [GATEWAY_HEADERS.errorMessage]: THROTTLED.message };

/** The faults with valid HTTP and invalid content. */
export const REPLY_FAULTS = {
  'broken-json': reply(200, ({ match }) => ({ body: match.slice(0, -12) })),
  'html-502': reply(502, () => ({ type: HTML_TYPE, body: page('502 Bad Gateway') })),
  'html-200': reply(200, () => ({ type: HTML_TYPE, body: page('Sign in to the network') })),
  'gbk-declared': reply(200, ({ match }) => ({ type: 'application/json;charset=GBK', body: inGbk(match) })),
  'gbk-lying': reply(200, ({ match }) => ({ body: inGbk(match) })),
  bom: reply(200, ({ match }) => ({ body: `\uFEFF${match}` })),
  'wrong-content-type': reply(200, ({ match }) => ({ type: HTML_TYPE, body: match })),
  'oversized-body': reply(200, ({ match }) => ({ body: match.replace('{', `{"padding":"${'x'.repeat(MIB)}",`) })),
  'redirect-307': reply(307, ({ trapUrl }) => ({ headers: { Location: trapUrl() } })),
  'gzip-bomb': reply(200, ({ match }) => ({ headers: { 'Content-Encoding': 'gzip' }, body: bomb(match) })),
  'duplicate-keys': reply(200, ({ match }) => ({ body: withDuplicateKeys(match) })),
  'proto-key': reply(200, ({ match }) => ({
    body: match.replace('"data":{', '"data":{"__proto__":{').replace('},"seqNo"', '}},"seqNo"'),
  })),
  'empty-200': reply(200, () => ({})),
  'no-content-204': reply(204, () => ({})),
  'deep-json': reply(200, ({ match }) => ({
    body: match.replace('{', `{"deep":${'['.repeat(DEEP_LEVELS)}${']'.repeat(DEEP_LEVELS)},`),
  })),
  'http-408': reply(408, () => ({
    type: HTML_TYPE,
    headers: { Connection: 'close' },
    body: page('408 Request Time-out'),
  })),
  'http-429': reply(429, () => ({
    type: HTML_TYPE,
    headers: { 'Retry-After': '2' },
    body: page('429 Too Many Requests'),
  })),
  'contradictory-reply': reply(200, ({ match }) => ({ headers: REFUSED, body: match })),
} as const satisfies Partial<Record<TransportFaultName, FaultPlay>>;
