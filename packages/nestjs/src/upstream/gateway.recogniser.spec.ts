import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULTS } from '../options/options.defaults.js';
import { CodeTable } from './code.table.js';
import { ReplyDecoder, type Decoded, type DecodedFailure } from './reply.decoder.js';
import { isProvenUnbilled } from './retry.policy.js';

const MATCH = '{"code":"10000","message":"成功","data":{"state":"1"},"seqNo":"S1"}';
const REFUSAL = 'Throttled by API Flow Control';

/** Header values are passed to the decoder as Node returns them: bytes read as latin1. */
function decode(status: number, said: { code?: string; message?: string; more?: object }, body = ''): Decoded {
  const headers = {
    'content-type': 'application/json',
    ...(said.code !== undefined && { 'x-ca-error-code': said.code }),
    ...(said.message !== undefined && { 'x-ca-error-message': Buffer.from(said.message).toString('latin1') }),
    ...said.more,
  };
  // A decoder without earlier replies.
  const decoder = new ReplyDecoder({ codes: new CodeTable({}), replyContentTypes: DEFAULTS.replyContentTypes });
  return decoder.decode({ status, headers, body: Buffer.from(body) }, TEST_POPULATION[0]);
}

function failure(status: number, said: { code?: string; message?: string; more?: object }, body = ''): DecodedFailure {
  const decoded = decode(status, said, body);
  if (decoded.kind !== 'failure') throw new Error(`expected a failure, got ${decoded.outcome}`);
  return decoded;
}

const summary = ({ error: { category, billed, upstreamCode }, retry, latch }: DecodedFailure) => ({
  category,
  billed,
  upstreamCode,
  retry,
  latch,
});

/** Asserts the effects of a contradiction: counted, in doubt, not retried, and no latch. */
function expectContradiction(decoded: DecodedFailure): void {
  expect(decoded.error).toMatchObject({ code: 'IDV_REPLY_UNREADABLE', billed: 'unknown', retryable: false });
  expect(decoded.error.message).toMatch(/the gateway refused the call and the vendor answered it/);
  expect(isProvenUnbilled(decoded, undefined)).toBe(false);
  expect(decoded).not.toHaveProperty('latch');
  expect(decoded).not.toHaveProperty('block');
}

describe('a header of the gateway on a success', () => {
  it.each([
    'OK',
    'ok',
    ' Ok ',
    '',
    '   ',
    '\u00a0',
    ',',
    'OK, OK',
    'OK,',
    'OK.',
    '-',
    'Success',
    '成功',
    'something new',
    'Okay',
  ])('has no effect with the message %j', (message) => {
    expect(decode(200, { message }, MATCH)).toMatchObject({ kind: 'answer', outcome: 'match', billed: 'yes' });
    expect(decode(200, { message, code: '' }, MATCH)).toMatchObject({ outcome: 'match' });
    expect(decode(200, { message, code: ' ' }, MATCH)).toMatchObject({ outcome: 'match' });
  });

  it('does not change the meaning of the body, even of an error', () => {
    const busy = '{"code":"10017","message":"系统繁忙","seqNo":"S"}';
    expect(failure(200, { message: 'OK' }, busy)).toMatchObject({ retry: 'safe', error: { code: 'IDV_BUSY' } });
    expect(failure(200, { message: 'OK' })).toMatchObject({ error: { code: 'IDV_REPLY_UNREADABLE' } });
  });

  it('has no effect with any text that is neither a refusal nor a code', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z\u4e00-\u9fff ]{0,40}$/), (text) => {
        const message = `ok ${text}`;
        expect(decode(200, { message }, MATCH)).toMatchObject({ outcome: 'match' });
      }),
    );
  });
});

describe('a reply that contradicts itself', () => {
  it.each([
    ['a message', { message: REFUSAL }],
    ['a message in another case and with blanks', { message: '  throttled  by api FLOW control ' }],
    ['a message in quotes, with a full stop', { message: `"${REFUSAL}."` }],
    ['a code that is no code', { code: '-' }],
    ['a message that came twice', { message: `${REFUSAL}, ${REFUSAL}` }],
    ['a message that came beside an OK', { message: `OK, ${REFUSAL}` }],
    ['a message with details', { message: 'Invalid Domain `sjsys.example`' }],
    ['a message of a family', { message: 'Throttled by SOMETHING new' }],
    ['a message of unknown billing', { message: 'Internal Error' }],
    ['a code', { code: 'T429PA' }],
    ['a code that no row names', { code: 'Z999ZZ' }],
    ['a code that came twice', { code: 'B403MQ, B403MQ' }],
    ['a code beside an OK', { code: 'B403MQ', message: 'OK' }],
  ])('is a billed match with %s', (_, said) => {
    const decoded = failure(200, said, MATCH);
    expectContradiction(decoded);
    expect(decoded.error.seqNo).toBe('S1');
  });

  it.each([
    ['a mismatch', '{"code":"10000","message":"成功","data":{"state":"2"},"seqNo":"S"}'],
    ['no record', '{"code":"10001","message":"查询无结果","data":null}'],
    ['an error of the vendor', '{"code":"10019"}'],
    ['a match without a seqNo', '{"code":"10000","message":"成功","data":{"state":"1"}}'],
    ['a match cut short', MATCH.slice(0, -12)],
    ['a match behind a byte order mark', `\ufeff${MATCH}`],
    ['an unknown code with a seqNo', '{"code":"SYSTEM_001","seqNo":"S"}'],
  ])('is %s with a refusal, under any status', (_, body) => {
    for (const status of [200, 201, 206, 400, 403, 429, 450, 500, 503])
      expectContradiction(failure(status, { message: REFUSAL }, body));
  });

  it('is any refusal with a compressed body, which cannot be read', () => {
    expectContradiction(failure(403, { message: REFUSAL, more: { 'content-encoding': 'gzip' } }, '\x1f\x8b\x08'));
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' \n'],
    ['a page', '<html>Forbidden</html>'],
    ['words of its own', '{"code":"T429PA","message":"Throttled"}'],
  ])('is not a 200 with a refusal and %s, but its cost is also unknown', (_, body) => {
    for (const said of [{ message: REFUSAL }, { code: 'T429PA' }]) {
      expect(summary(failure(200, said, body))).toEqual({
        category: 'rate_limit',
        billed: 'unknown',
        upstreamCode: 'throttled-by-api',
        retry: 'ambiguous',
        latch: undefined,
      });
    }
  });
});

describe('the sender of a reply without status 200', () => {
  it.each(['OK', '', '  ', 'ok, OK'])('is not the gateway with the message %j', (message) => {
    expect(failure(450, { message }, MATCH)).toMatchObject({ error: { code: 'IDV_HTTP_STATUS', billed: 'unknown' } });
    expect(failure(504, { message })).toMatchObject({ error: { code: 'IDV_TIMEOUT', billed: 'unknown' } });
  });

  it.each(['something new', '配额不足', 'OKAY'])('is the gateway with the message %j', (message) => {
    expect(summary(failure(403, { message }))).toEqual({
      category: 'unclassified',
      billed: 'unknown',
      upstreamCode: 'gateway',
      retry: 'never',
      latch: undefined,
    });
  });

  it('is the gateway with a code, whatever the message', () => {
    for (const message of ['', 'OK', '配额', 'something new'])
      expect(failure(403, { code: 'B403MQ', message })).toMatchObject({ latch: 'quota', error: { billed: 'no' } });
  });

  it.each([{ code: '' }, { message: '-' }, { message: '-', code: ' ' }])(
    'is not the gateway with %j, which says nothing',
    (said) => {
      expect(failure(403, said)).toMatchObject({ error: { code: 'IDV_HTTP_STATUS', billed: 'unknown' } });
    },
  );

  it.each(['XA403ZZ', 'A403ZZZZ', 'D-1', 'D: no route to host', 'N 502'])(
    'is the gateway with the text %j instead of a code, which is not passed on',
    (code) => {
      expect(summary(failure(403, { code }))).toMatchObject({
        category: 'unclassified',
        billed: 'unknown',
        upstreamCode: 'gateway',
        retry: 'never',
      });
    },
  );

  it('is reported without a code that echoes the person', () => {
    for (const code of ['16000020001', 'A16000020001', 'A160'])
      expect(failure(403, { code }).error.upstreamCode).not.toContain('16000020001');
  });
});

describe('a message is recognised', () => {
  const upstreamCode = (message: string) => failure(403, { message }).error.upstreamCode;

  it.each([
    '"\'Quota Exhausted\'"',
    '--Quota Exhausted!!',
    '“Quota Exhausted”',
    'Quota Exhausted。',
    `Quota Exhausted${'.'.repeat(200)}and so on`,
  ])('without the punctuation around it, in its first 200 characters: %s', (message) => {
    expect(upstreamCode(message)).toBe('quota-exhausted');
  });

  it.each(['Quota Exhausted soon', 'No Quota Exhausted', 'Quota Exhausted 2'])(
    'only as a whole, unless it is one with details: %s',
    (message) => {
      expect(upstreamCode(message)).toBe('gateway');
    },
  );

  it('before a code that says the same, because it says more', () => {
    const said = { code: 'B403MQ', message: 'Api Market Subscription quota exhausted' };
    expect(failure(403, said).error.upstreamCode).toBe('market-quota-exhausted');
  });
});

describe('a refusal before the back end', () => {
  it.each([
    ['nothing, compressed', { 'content-encoding': 'gzip' }, ''],
    ['a page that says it is not compressed', { 'content-encoding': ' Identity ' }, '<html>'],
    ['a page with an empty encoding', { 'content-encoding': '' }, '<html>'],
    ['a number of its own', {}, '{"code":4}'],
    ['a status of its own', {}, '{"code":403,"message":"Forbidden"}'],
    ['a word of its own', {}, '{"code":"error","message":"Forbidden"}'],
  ])('is unbilled with %s', (_, more, body) => {
    expect(summary(failure(403, { message: REFUSAL, more }, body))).toMatchObject({ billed: 'no', retry: 'safe' });
  });

  it.each([
    '"seqNo":"S',
    '"seqNo" : "S',
    '"state" \t:',
    '"code":"10000',
    '"code" : "10000',
    '"code":10000',
    '"code" :  10000',
  ])('may be billed with a piece of an answer: %s', (piece) => {
    expectContradiction(failure(403, { message: REFUSAL }, `…${piece}, `));
  });

  it('is proven unbilled only with a matching status', () => {
    for (const status of [400, 403, 404, 429])
      expect(failure(status, { message: REFUSAL })).toMatchObject({ retry: 'safe', error: { billed: 'no' } });
    for (const status of [200, 204, 302, 500, 502, 503, 504]) {
      const decoded = failure(status, { message: REFUSAL });
      expect(decoded).toMatchObject({ retry: 'ambiguous', error: { billed: 'unknown', retryable: false } });
      expect(decoded.error.message).toContain(`HTTP ${status} does not fit`);
    }
    expect(failure(504, { code: 'D504CO' })).toMatchObject({ retry: 'safe', error: { billed: 'no' } });
    expect(failure(400, { code: 'D504CO' })).toMatchObject({ retry: 'ambiguous', error: { billed: 'unknown' } });
  });

  it('closes no latch when it is not proven', () => {
    expect(failure(403, { code: 'B403MQ' }).latch).toBe('quota');
    expect(failure(500, { code: 'B403MQ' })).not.toHaveProperty('latch');
  });

  it.each([
    ['a code that says more', 403, 'D504TO', REFUSAL, 'unknown', 'ambiguous'],
    ['a message that says more', 403, 'T429PA', 'Internal Error', 'unknown', 'ambiguous'],
    ['a code that nobody knows', 403, 'Z999ZZ', REFUSAL, 'unknown', 'never'],
    ['quota and throttling', 403, 'B403MQ', REFUSAL, 'no', 'never'],
    ['throttling and quota', 403, 'T429PA', 'Quota Exhausted', 'no', 'never'],
    ['throttling for a moment and for the day', 403, 'T429ID', 'Throttled by DOMAIN Flow Control', 'no', 'not_today'],
    ['two that are signed again', 400, '', 'Nonce Used, Timestamp Expired', 'no', 're_sign'],
    ['two ways of repeating', 400, 'T429PA', 'Nonce Used', 'no', 'never'],
    ['two codes', 403, 'T429PA, D504TO', '', 'unknown', 'ambiguous'],
    ['a code that nobody knows, and quota', 403, 'Z999ZZ', 'Quota Exhausted', 'unknown', 'never'],
    ['a code that nobody knows, and a failure', 403, 'Z999ZZ', 'Internal Error', 'unknown', 'ambiguous'],
    ['two codes of which one does not fit the status', 403, 'T429PA, D504CO', '', 'unknown', 'ambiguous'],
    ['two messages', 403, '', `${REFUSAL}, Internal Error`, 'unknown', 'ambiguous'],
  ])(
    'takes the more cautious reading when code and message disagree: %s',
    (_, status, code, message, billed, retry) => {
      const decoded = failure(status, { code, message });
      expect([decoded.error.billed, decoded.retry]).toEqual([billed, retry]);
    },
  );
});

describe('two refusals', () => {
  it.each(['Throttled by DOMAIN Flow Control', 'Nonce Used'])('close the latch of the one that lasts: %s', (other) => {
    for (const message of [`${other}, Quota Exhausted`, `Quota Exhausted, ${other}`])
      expect(failure(403, { message })).toMatchObject({ latch: 'quota', error: { category: 'quota' } });
  });
});

/** The meaning of the code letters by the gateway's documents; written by hand, not derived. */
function documentedOf(code: string): { billed: string; retry: string; category: string } {
  if (code.startsWith('A4')) return { billed: 'no', retry: 'never', category: 'authorization' };
  if (code.startsWith('B4')) return { billed: 'no', retry: 'never', category: 'quota' };
  if (code.startsWith('T4')) return { billed: 'no', retry: 'safe', category: 'rate_limit' };
  if (code.startsWith('I4')) return { billed: 'no', retry: 'never', category: 'malformed_request' };
  if (/^(D|N|X5)/.test(code)) return { billed: 'unknown', retry: 'ambiguous', category: 'upstream_failure' };
  return { billed: 'unknown', retry: 'never', category: 'unclassified' };
}

describe('a code without a row', () => {
  const letters = fc.stringMatching(/^[A-Z]$/);
  // Letters that no code of the tables ends with.
  const unnamed = fc.tuple(letters, fc.stringMatching(/^\d{3}$/), fc.stringMatching(/^[QWZ]{2}$/));

  it('is read by its family, with the documented billing', () => {
    fc.assert(
      fc.property(unnamed, fc.boolean(), ([letter, digits, end], lower) => {
        const code = `${letter}${digits}${end}`;
        const decoded = failure(403, { code: lower ? code.toLowerCase() : ` ${code} ` });
        const { billed, category, upstreamCode } = decoded.error;
        expect({ billed, category, retry: decoded.retry }).toEqual(documentedOf(code));
        expect(upstreamCode).toBe(code);
      }),
      { numRuns: 2_000 },
    );
  });

  it('latches like its family', () => {
    expect(failure(403, { code: 'B403ZZ' }).latch).toBe('quota');
    expect(failure(403, { code: 'A403ZZ' }).latch).toBe('access');
    for (const code of ['T429ZZ', 'I400ZZ', 'D504ZZ', 'Z999ZZ'])
      expect(failure(403, { code })).not.toHaveProperty('latch');
  });

  it('is never proven unbilled, except as a refusal before the back end with a matching status', () => {
    const code = fc.oneof(
      fc.constantFrom('', 'T429PA', 'B403MQ', 'D504CO', 'D504TO', 'X503BZ', 'Z999ZZ', 'OK', 'T429PA,N502RE'),
      fc.stringMatching(/^[A-Z]\d{3}[A-Z]{2}$/),
    );
    const message = fc.oneof(
      fc.constantFrom(
        '',
        'OK',
        REFUSAL,
        'Service Busy',
        'Internal Error',
        'Nonce Used',
        'Backend service connect failed',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(code, message, fc.integer({ min: 200, max: 599 }), (said, words, status) => {
        const decoded = decode(status, { code: said, message: words }, MATCH);
        // The body holds a match, so the call must not be retried, whatever the headers.
        if (decoded.kind === 'failure') {
          expect(decoded.error.billed).toBe('unknown');
          expect(isProvenUnbilled(decoded, undefined)).toBe(false);
        } else expect([status, said]).toEqual([200, '']);
        const bare = failure(status, { code: said, message: words });
        if (bare.error.billed === 'no') expect([4, 5]).toContain(Math.floor(status / 100));
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The newer messages and codes of the market, copied by hand from the gateway's tables. */
// prettier-ignore
const TABLE: readonly (readonly [status: number, code: string, message: string, category: string, billed: string, retry: string])[] = [
  [400, 'A400AC', 'Invalid AppCode `not exists`', 'authentication', 'no', 'never'],
  [400, 'A401AC', '', 'authentication', 'no', 'never'],
  [400, 'A400IK', 'Invalid AppKey', 'authentication', 'no', 'never'],
  [403, 'A403IS', 'Invalid Signature, Server StringToSign:POST#', 'authentication', 'no', 'never'],
  [400, 'A400MA', 'Empty Signature', 'authentication', 'no', 'never'],
  [401, 'A400MA', 'Need authorization', 'authentication', 'no', 'never'],
  [404, 'I404NF', 'API not found `path`', 'configuration', 'no', 'never'],
  [404, 'I404DO', 'Invalid Domain `x`', 'configuration', 'no', 'never'],
  [404, 'I404NR', '', 'configuration', 'no', 'never'],
  [404, 'I404SR', '', 'configuration', 'no', 'never'],
  ...['I400CT', 'I400BD', 'I400HD', 'I400MH', 'I400PA', 'I400RU', 'I400SG', 'I400I5', 'I400NC', 'I400MP', 'I400IP'].map((code) =>
    [400, code, '', 'malformed_request', 'no', 'never'] as const),
  [405, 'I405UM', '', 'malformed_request', 'no', 'never'],
  [413, 'I413RL', '', 'malformed_request', 'no', 'never'],
  [413, 'I413UL', '', 'malformed_request', 'no', 'never'],
  [400, '', 'Invalid Content-Type: `text/plain`', 'malformed_request', 'no', 'never'],
  [403, 'I403AA', 'Unauthorized', 'authorization', 'no', 'never'],
  [403, 'A403EP', 'Expiry of Authorization', 'authorization', 'no', 'never'],
  [403, 'A403EP', 'App authorization expired', 'authorization', 'no', 'never'],
  ...['A403IP', 'A403VN', 'A403AC', 'A403CO', 'A403IN', 'A403PR', 'A403FC'].map((code) =>
    [403, code, '', 'authorization', 'no', 'never'] as const),
  [403, 'B403MQ', 'Quota Exhausted', 'quota', 'no', 'never'],
  [403, '', 'Api Market Subscription quota exhausted', 'quota', 'no', 'never'],
  [403, 'B403MQ', 'Api Market Subscription quota exhausted', 'quota', 'no', 'never'],
  [403, 'B403ME', 'Api Market Subscription expired', 'quota', 'no', 'never'],
  [403, '', 'Api Market Subscription expired', 'quota', 'no', 'never'],
  [403, 'B403MI', 'Api Market Subscription invalid', 'authorization', 'no', 'never'],
  [403, '', 'Api Market Subscription invalid', 'authorization', 'no', 'never'],
  [403, '', 'Api Market Subscription suspended', 'quota', 'no', 'never'],
  [403, 'B403OD', 'Provider Account Overdue', 'disabled', 'no', 'never'],
  [403, 'B403MO', '', 'disabled', 'no', 'never'],
  [451, 'B451DO', '', 'disabled', 'no', 'never'],
  [451, 'B451GO', '', 'disabled', 'no', 'never'],
  ...['T429ID', 'T429IN', 'T429GR', 'T429PA', 'T429PR', 'T429SR', 'T429MR', 'T429'].map((code) =>
    [429, code, '', 'rate_limit', 'no', 'safe'] as const),
  [403, '', 'Throttled by DOMAIN Flow Control', 'rate_limit', 'no', 'not_today'],
  [403, 'I403PT', 'Invalid protocol https unsupported', 'configuration', 'no', 'never'],
  [504, 'D504CO', 'Backend service connect failed `Connection refused`', 'busy', 'no', 'safe'],
  [503, 'D503BB', '', 'busy', 'no', 'safe'],
  [503, 'D503CB', '', 'busy', 'no', 'safe'],
  [503, 'X503BZ', 'Service Busy', 'busy', 'no', 'safe'],
  [504, 'D504TO', '', 'timeout', 'unknown', 'ambiguous'],
  [504, 'X504TO', '', 'timeout', 'unknown', 'ambiguous'],
  ...['D504RE', 'D504IL', 'D504CS', 'D502FC', 'N502RE', 'X504VE', 'X500ER', 'X500ED', 'X500AM'].map((code) =>
    [Number(code.slice(1, 4)), code, '', 'upstream_failure', 'unknown', 'ambiguous'] as const),
  [410, 'I410GG', '', 'configuration', 'no', 'never'],
  [400, 'X400PM', '', 'configuration', 'no', 'never'],
  [403, 'X403DG', '', 'configuration', 'no', 'never'],
  [400, 'I400JP', '', 'configuration', 'no', 'never'],
];

describe("the gateway's codes and messages", () => {
  it.each(TABLE)('HTTP %i %s %j → %s, billed %s, %s', (status, code, message, category, billed, retry) => {
    const { error, retry: repeat } = failure(status, { code, message });
    expect([error.category, error.billed, repeat]).toEqual([category, billed, retry]);
  });
});
