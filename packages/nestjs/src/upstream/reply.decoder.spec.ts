import { DEFAULTS } from '../options/options.defaults.js';
import {
  GATEWAY_ANSWERS,
  GATEWAY_ROWS,
  parseReply,
  RESPONSE_CODES,
  STATES,
  TEST_POPULATION,
} from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CodeTable } from './code.table.js';
import { ReplyDecoder, type Decoded } from './reply.decoder.js';
import type { WireReply } from './transport.port.js';

const [PERSON] = TEST_POPULATION;
const REQUEST_ID = '0BADCAFE-1111-4222-8333-C0FFEE444555';
const MATCH = '{"code":"10000","message":"成功","data":{"state":"1"},"seqNo":"S1"}';
/** A decoder without earlier replies. */
const newDecoder = () => new ReplyDecoder({ codes: new CodeTable({}), replyContentTypes: DEFAULTS.replyContentTypes });

function decode(body: string | Uint8Array, overrides: Partial<WireReply> = {}, by = newDecoder()): Decoded {
  return by.decode(
    {
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: Buffer.from(body),
      ...overrides,
    },
    PERSON,
  );
}
const codeOf = (decoded: Decoded) => (decoded.kind === 'failure' ? decoded.error.code : decoded.outcome);
const headers = (more: Record<string, string>) => ({ headers: { 'content-type': 'application/json', ...more } });
const noJson = parseReply(Buffer.from('{'));
const FAULT_OF_NO_JSON = noJson.ok ? '' : noJson.fault;
/** Headers with a request id. */
const known = (more: Record<string, string>) => headers({ 'x-ca-request-id': REQUEST_ID, ...more });

describe('a match', () => {
  it('is 10000 with state "1"', () => {
    expect(decode(MATCH, headers({ 'x-ca-request-id': REQUEST_ID }))).toEqual({
      kind: 'answer',
      outcome: 'match',
      billed: 'yes',
      code: '10000',
      seqNo: 'S1',
      requestId: REQUEST_ID,
    });
  });

  it.each([
    ['{"code":"10000","message":"成功","data":null,"seqNo":"S"}', 'indeterminate'],
    ['{"code":"10000","message":"成功","seqNo":"S"}', 'indeterminate'],
    ['{"code":"10000","message":"成功","data":{},"seqNo":"S"}', 'indeterminate'],
    ['{"code":"10000","message":"成功","data":{"state":null},"seqNo":"S"}', 'indeterminate'],
    ['{"code":"10000","message":"成功","data":{"state":""},"seqNo":"S"}', 'indeterminate'],
    ['{"code":"10000","message":"成功","data":{"state":"01"},"seqNo":"S"}', 'indeterminate'],
    ['{"code":"10000","message":"成功","data":{"state":" 1"},"seqNo":"S"}', 'indeterminate'],
    ['{"code":"10000","message":"成功","data":{"state":"1 "},"seqNo":"S"}', 'indeterminate'],
    ['{"code":"10000","message":"成功","data":{"state":"１"},"seqNo":"S"}', 'indeterminate'],
    ['{"code":"10000","message":"成功","data":{"State":"1"},"seqNo":"S"}', 'indeterminate'],
    ['{"code":"10000","message":"成功","state":"1","seqNo":"S"}', 'indeterminate'],
    ['{"code":"10000","message":"成功","data":{"state":1},"seqNo":"S"}', 'IDV_REPLY_UNREADABLE'],
    ['{"code":"10000","message":"成功","data":{"state":"1"}}', 'IDV_REPLY_UNREADABLE'],
    ...[
      '',
      ' ',
      '\t',
      '\u3000',
      '\u200b',
      '---',
      'S 1',
      'S1 ',
      '<S1>',
      '序号',
      'S'.repeat(65),
      '16000020001',
      PERSON.idCard,
    ].map((seqNo): [string, string] => [
      JSON.stringify({ code: '10000', message: '成功', data: { state: '1' }, seqNo }),
      'IDV_REPLY_UNREADABLE',
    ]),
    ['{"code":10000,"message":"成功","data":{"state":"1"},"seqNo":"S"}', 'IDV_REPLY_UNREADABLE'],
    ['{"code":"10000 ","message":"成功","data":{"state":"1"},"seqNo":"S"}', 'IDV_UNKNOWN_CODE'],
    ['{"code":"010000","message":"成功","data":{"state":"1"},"seqNo":"S"}', 'IDV_UNKNOWN_CODE'],
    ['{"code":"10001","message":"成功","data":{"state":"1"},"seqNo":"S"}', 'no_record'],
    ['{"code":"10020","message":"成功","data":{"state":"1"},"seqNo":"S"}', 'IDV_UPSTREAM_FAILURE'],
  ])('is not %s', (body, expected) => {
    expect(codeOf(decode(body))).toBe(expected);
  });

  it.each([
    [{ status: 201 }, 'IDV_HTTP_STATUS'],
    [{ status: 204 }, 'IDV_HTTP_STATUS'],
    [{ status: 302 }, 'IDV_REDIRECTED'],
    [{ status: 307 }, 'IDV_REDIRECTED'],
    [{ status: 400 }, 'IDV_HTTP_STATUS'],
    [{ status: 401 }, 'IDV_HTTP_STATUS'],
    [{ status: 408 }, 'IDV_TIMEOUT'],
    [{ status: 429 }, 'IDV_HTTP_STATUS'],
    [{ status: 502 }, 'IDV_HTTP_STATUS'],
    [{ status: 504 }, 'IDV_TIMEOUT'],
    [{ headers: {} }, 'IDV_REPLY_UNREADABLE'],
    [{ headers: {} }, 'IDV_REPLY_UNREADABLE'],
    [{ headers: { 'content-type': '' } }, 'IDV_REPLY_UNREADABLE'],
    [{ headers: { 'content-type': 'text/html' } }, 'IDV_REPLY_UNREADABLE'],
    [{ headers: { 'content-type': 'application/json; charset=GBK' } }, 'IDV_REPLY_UNREADABLE'],
    [headers({ 'content-encoding': 'gzip' }), 'IDV_REPLY_UNREADABLE'],
    [headers({ 'x-ca-error-message': 'Internal Error' }), 'IDV_REPLY_UNREADABLE'],
    [headers({ 'x-ca-error-code': 'X999YZ' }), 'IDV_REPLY_UNREADABLE'],
  ])('is not taken from a reply with %j', (overrides, expected) => {
    expect(codeOf(decode(MATCH, overrides))).toBe(expected);
  });

  it('is not decoded from any other JSON', () => {
    const key = fc.constantFrom(
      'code',
      'message',
      'data',
      'state',
      'seqNo',
      '__proto__',
      'constructor',
      'Code',
      'status',
    );
    const near = fc.oneof(
      fc.constantFrom('10000', '1', '2', '01', ' 1', 1, 10000, true, null, [], ['1'], '成功', 'S1'),
      fc.string(),
    );
    const leaf = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, near, tie('object'), fc.array(near, { maxLength: 2 })),
      // Entries instead of an object, so that keys can repeat and `__proto__` is an ordinary key.
      object: fc.array(fc.tuple(key, tie('value')), { maxLength: 6 }).map((entries) => ({
        raw: `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${text(value)}`).join(',')}}`,
      })),
    }));
    const bodies = fc.oneof(
      leaf.object.map(text),
      // A match with one part replaced.
      fc
        .record({ code: near, message: near, state: near, seqNo: near })
        .map(({ code, message, state, seqNo }) => JSON.stringify({ code, message, data: { state }, seqNo })),
      fc.json(),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        const decoded = decode(body);
        if (decoded.kind !== 'answer' || decoded.outcome !== 'match') return;
        const parsed = JSON.parse(body) as { code: unknown; data: { state: unknown }; seqNo: unknown };
        expect([parsed.code, parsed.data.state, typeof parsed.seqNo]).toEqual(['10000', '1', 'string']);
        for (const name of ['code', 'state', '__proto__'])
          expect(occurrences(body, name)).toBe(name === '__proto__' ? 0 : 1);
      }),
      { numRuns: 20_000 },
    );
  });
});

/** The number of times that a text has this key at the top or in `data`. */
function occurrences(body: string, name: string): number {
  const parsed = JSON.parse(body, (_key, value: unknown) => value) as Record<string, unknown>;
  const own = (value: unknown) => (typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? 1 : 0);
  return own(parsed) + own(parsed['data']);
}

function text(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(text).join(',')}]`;
  return typeof value === 'object' && value !== null && 'raw' in value ? String(value.raw) : JSON.stringify(value);
}

describe('ReplyDecoder', () => {
  it('decodes every code by its row', () => {
    for (const row of RESPONSE_CODES) {
      if (row.kind === 'by_state') continue;
      const decoded = decode(JSON.stringify({ code: row.code, message: row.message, seqNo: 'S' }));
      if (row.kind === 'answer') expect(decoded).toMatchObject({ outcome: row.outcome, billed: row.billed });
      else
        expect(decoded).toMatchObject({
          retry: row.retry,
          error: {
            category: row.category,
            billed: row.billed,
            httpStatus: row.httpStatus,
            upstreamCode: row.code,
            seqNo: 'S',
          },
        });
    }
    for (const { state, outcome, billed } of STATES) {
      expect(decode(JSON.stringify({ code: '10000', message: '', data: { state }, seqNo: 'S' }))).toMatchObject({
        outcome,
        billed,
      });
    }
  });

  it('recognises every row of the gateway by its message, whatever the status', () => {
    for (const { id, message, category } of GATEWAY_ROWS) {
      if (message === '') continue; // has codes only
      for (const status of [200, 400, 403, 429, 500]) {
        const raw = Buffer.from(message, 'utf8').toString('latin1');
        expect(decode('', { status, headers: { 'x-ca-error-message': raw } })).toMatchObject({
          error: { category, upstreamCode: id },
        });
      }
    }
  });

  it('recognises a row by its code when the message differs', () => {
    expect(decode('', { status: 429, headers: { 'x-ca-error-code': 'T429MR' } })).toMatchObject({
      retry: 'safe',
      error: { category: 'rate_limit' },
    });
    expect(
      decode('', { status: 403, headers: { 'x-ca-error-code': 'B403MQ', 'x-ca-error-message': '配额' } }),
    ).toMatchObject({ latch: 'quota' });
  });

  it('recognises every row and every family of the gateway by each of its codes', () => {
    for (const { errorCodes, statuses, category, billed, retry } of GATEWAY_ANSWERS) {
      for (const code of errorCodes) {
        const decoded = decode('', { status: statuses[0]!, headers: { 'x-ca-error-code': code } });
        expect(decoded).toMatchObject({ retry, error: { category, billed } });
      }
    }
  });

  it('reports an unknown cost for a refusal without a row or family, with any status', () => {
    const billed = (status: number) => {
      const decoded = decode('', { status, headers: { 'x-ca-error-message': 'new', 'x-ca-error-code': 'Q123AB' } });
      return decoded.kind === 'failure' ? [decoded.error.billed, decoded.error.upstreamCode] : undefined;
    };
    expect(billed(400)).toEqual(['unknown', 'Q123AB']);
    expect(billed(503)).toEqual(['unknown', 'Q123AB']);
  });

  it('does not pass on an echo of the person', () => {
    const echo = decode('', {
      status: 400,
      headers: {
        'x-ca-error-message': 'Invalid Signature, Server StringToSign:POST#name=测试甲',
        'x-ca-request-id': '测试甲',
      },
    });
    expect(JSON.stringify(echo) + String(echo.kind === 'failure' && echo.error.message)).not.toContain('测试甲');
    const unknown = decode('{"code":"测试甲","message":"测试甲 does not exist","seqNo":"测试甲"}');
    expect(unknown).toMatchObject({ error: { code: 'IDV_UNKNOWN_CODE', upstreamCode: 'unprintable' } });
    expect(String(unknown.kind === 'failure' && unknown.error.message)).not.toContain('测试甲');
  });

  it('keeps the code of an unknown reply, but not its message', () => {
    const unknown = decode('{"code":"SYSTEM_000","message":"维护中"}');
    expect(unknown).toMatchObject({
      error: {
        code: 'IDV_UNKNOWN_CODE',
        upstreamCode: 'SYSTEM_000',
        billed: 'unknown',
        message: expect.stringContaining('(SYSTEM_000)'),
      },
    });
    expect(String(unknown.kind === 'failure' && unknown.error.message)).not.toContain('维护中');
  });

  it.each(['', 'A B', 'A.B', 'A'.repeat(33), '<b>', '１０００１', '10001\n'])(
    'reports the code %j as unprintable',
    (code) => {
      expect(decode(JSON.stringify({ code: code || ' ' }))).toMatchObject({ error: { upstreamCode: 'unprintable' } });
    },
  );

  it.each(['', 'R1', 'a request', REQUEST_ID.replaceAll('-', ''), `{${REQUEST_ID}}`, `${REQUEST_ID}, ${REQUEST_ID}`])(
    'does not accept %j as a request ID',
    (id) => {
      expect(decode(MATCH, headers({ 'x-ca-request-id': id }))).not.toHaveProperty('requestId');
    },
  );

  it('keeps a seqNo of the documented format whose digits match a number by chance', () => {
    const seqNo = 'A1B2C3D41600002999';
    expect(decode(MATCH.replace('S1', seqNo))).toMatchObject({ outcome: 'match', seqNo });
  });

  it.each(['ZA1B2C3D41600002999', 'A1B2C3D41600002999Z'])(
    'does not accept the seqNo %s, which is longer than documented and repeats a part of the mobile',
    (seqNo) => {
      expect(codeOf(decode(MATCH.replace('S1', seqNo)))).toBe('IDV_REPLY_UNREADABLE');
    },
  );

  it('names a refusal by its row, whatever the name of the person, and by its code only if that repeats no person', () => {
    const refusal = (more: Record<string, string>, name: string) => {
      const reply = { status: 403, headers: more, body: Buffer.from('') };
      const decoded = newDecoder().decode(reply, { ...PERSON, name });
      return decoded.kind === 'failure' && decoded.error.upstreamCode;
    };
    expect(refusal({ 'x-ca-error-message': 'Quota Exhausted' }, 'ANNA QUOTA')).toBe('quota-exhausted');
    expect(refusal({ 'x-ca-error-code': 'A160ABC' }, PERSON.name)).toBe('A160ABC');
    expect(refusal({ 'x-ca-error-code': 'A160000' }, PERSON.name)).toBe('unprintable');
  });

  it('passes on Retry-After in seconds, up to an hour', () => {
    const retryAfter = (value: string) => {
      const decoded = decode('', { status: 429, headers: { 'retry-after': value } });
      return decoded.kind === 'failure' ? decoded.error.retryAfterMs : undefined;
    };
    expect(retryAfter('7')).toBe(7_000);
    expect(retryAfter('999999')).toBe(3_600_000);
    expect(retryAfter('Wed, 21 Oct 2026 07:28:00 GMT')).toBeUndefined();
    expect(retryAfter('-1')).toBeUndefined();
    expect(retryAfter('0.16000020001')).toBeUndefined();
    expect(retryAfter('1e2')).toBeUndefined();
  });

  it('accepts other media types from the options', () => {
    const lenient = new ReplyDecoder({
      codes: new CodeTable({}),
      replyContentTypes: ['text/html'],
    });
    expect(codeOf(decode(MATCH, { headers: { 'content-type': 'Text/HTML;charset="UTF-8"' } }, lenient))).toBe('match');
    expect(codeOf(decode(MATCH, {}, lenient))).toBe('IDV_REPLY_UNREADABLE');
  });

  it.each<[string, string, Partial<WireReply>, object]>([
    ['an unreadable media type', MATCH, known({ 'content-type': 'text/html' }), { message: 'media type' }],
    ['a compressed reply', MATCH, known({ 'content-encoding': 'gzip' }), { message: 'compressed' }],
    ['another charset', MATCH, known({ 'content-type': 'application/json; charset=gbk' }), { message: 'UTF-8' }],
    ['a body that is no reply', '{', known({}), { message: FAULT_OF_NO_JSON }],
    ['a match without a seqNo', MATCH.replace('S1', ''), known({}), { message: 'no seqNo' }],
    ['a redirect', '', { status: 300, ...known({}) }, { message: 'HTTP 300', code: 'IDV_REDIRECTED' }],
    ['a status', '', { status: 418, ...known({}) }, { message: 'HTTP 418', httpStatus: 502 }],
  ])(
    'names the request id and the cause of %s',
    (_what, body, reply, { message, ...expected }: { message?: string }) => {
      const decoded = decode(body, reply);
      if (decoded.kind !== 'failure') throw new Error('not a failure');
      expect(decoded.error).toMatchObject({
        ...expected,
        requestId: REQUEST_ID,
        message: expect.stringContaining(message ?? ''),
      });
    },
  );

  it('has no property for an id that did not come', () => {
    expect(decode('{"code":"10001"}')).toStrictEqual({
      kind: 'answer',
      outcome: 'no_record',
      billed: 'unknown',
      code: '10001',
    });
  });

  it.each(['text/html', 'application/json; charset=gbk'])('does not get used to the type %s', (type) => {
    const decoder = newDecoder();
    for (let n = 0; n < 3; n++) {
      const body = MATCH.replace('S1', `S${n}`);
      for (let again = 0; again < 2; again++)
        expect(codeOf(decode(body, { headers: { 'content-type': type } }, decoder))).toBe('IDV_REPLY_UNREADABLE');
      expect(codeOf(decode(body, {}, decoder))).toBe('match');
    }
  });

  it.each(['identity', 'IDENTITY'])('reads a reply with the content encoding %s', (encoding) => {
    expect(codeOf(decode(MATCH, headers({ 'content-encoding': encoding })))).toBe('match');
  });

  it.each(['application/json', 'application/json; charset=utf8', 'application/json; q=1; charset="UTF-8"'])(
    'reads a reply of the type %s',
    (type) => {
      expect(codeOf(decode(MATCH, { headers: { 'content-type': type } }))).toBe('match');
    },
  );

  it('takes a reply with an unknown code for a sign of a working upstream, and does not repeat the call', () => {
    expect(decode('{"code":"77777"}')).toMatchObject({ retry: 'never', repeats: 0, health: 'well' });
  });

  it('has no property for a latch that is not closed', () => {
    for (const code of ['10007', '10017', '10003']) expect(decode(`{"code":"${code}"}`)).not.toHaveProperty('latch');
  });

  it('closes the latch for quota and access, and blocks one question for the same-parameter limit', () => {
    expect(decode('{"code":"10009"}')).toMatchObject({ latch: 'quota' });
    expect(decode('{"code":"10005"}')).toMatchObject({ latch: 'access' });
    expect(decode('{"code":"10019"}')).toMatchObject({ block: true });
    expect(decode('', { status: 400, headers: { 'x-ca-error-message': 'Nonce Used' } })).not.toHaveProperty('latch');
  });
});

describe('CodeTable', () => {
  const verdict = { kind: 'error', category: 'busy', retry: 'safe', billed: 'no', httpStatus: 503 } as const;

  it('accepts overrides and additions', () => {
    const codes = new CodeTable({
      '10006': verdict,
      '10044': { kind: 'answer', outcome: 'no_record', retry: 'never', billed: 'no', httpStatus: 200 },
    });
    const custom = new ReplyDecoder({ codes, replyContentTypes: DEFAULTS.replyContentTypes });
    expect(decode('{"code":"10006"}', {}, custom)).toMatchObject({ retry: 'safe', error: { code: 'IDV_BUSY' } });
    expect(decode('{"code":"10044"}', {}, custom)).toMatchObject({ outcome: 'no_record', billed: 'no' });
    expect(codeOf(decode('{"code":"10005"}', {}, custom))).toBe('IDV_AUTHENTICATION');
  });

  it('has codes that contradict a refusal of the gateway, like those of the contract', () => {
    const codes = new CodeTable({ BUSY_1: verdict });
    const custom = new ReplyDecoder({ codes, replyContentTypes: DEFAULTS.replyContentTypes });
    const refused = { status: 403, ...headers({ 'x-ca-error-message': 'Quota Exhausted' }) };
    expect(codeOf(decode('{"code":"BUSY_2"}', refused, custom))).toBe('IDV_QUOTA');
    expect(codeOf(decode('{"code":"BUSY_1"}', refused, custom))).toBe('IDV_REPLY_UNREADABLE');
  });

  it('does not let an option override 10000', () => {
    const custom = new ReplyDecoder({
      codes: new CodeTable({ '10000': verdict }),
      replyContentTypes: DEFAULTS.replyContentTypes,
    });
    expect(codeOf(decode(MATCH, {}, custom))).toBe('match');
    expect(codeOf(decode('{"code":"10000"}', {}, custom))).toBe('indeterminate');
  });
});
