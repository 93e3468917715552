import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { DEFAULTS } from '../options/options.defaults.js';
import { CodeTable } from './code.table.js';
import { ReplyDecoder, type Decoded } from './reply.decoder.js';
import type { WireReply } from './transport.port.js';

const [PERSON] = TEST_POPULATION;
const REQUEST_ID = '0BADCAFE-1111-4222-8333-C0FFEE444555';
const MATCH = '{"code":"10000","message":"成功","data":{"state":"1"},"seqNo":"S1"}';

/** A decoder without earlier replies. */
const newDecoder = () => new ReplyDecoder({ codes: new CodeTable({}), replyContentTypes: DEFAULTS.replyContentTypes });
const decode = (body: string, overrides: Partial<WireReply>, by: ReplyDecoder): Decoded =>
  by.decode(
    { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body), ...overrides },
    PERSON,
  );
const codeOf = (decoded: Decoded) => (decoded.kind === 'failure' ? decoded.error.code : decoded.outcome);
const headers = (more: Record<string, string>) => ({ headers: { 'content-type': 'application/json', ...more } });

describe('a reply seen before', () => {
  const BODIES = [
    MATCH,
    MATCH.replace('"1"', '"2"'),
    '{"code":"10001","seqNo":"S1"}',
    '{"code":"10017","seqNo":"S1"}',
    '{"code":"SYSTEM_001","seqNo":"S1"}',
  ];
  const SEEN = {
    retry: 'ambiguous',
    health: 'ill',
    error: { code: 'IDV_REPLY_UNREADABLE', billed: 'unknown', retryable: false },
  };

  it('is neither an answer nor an error of the vendor, whatever both replies contain', () => {
    for (const before of BODIES) {
      for (const body of BODIES) {
        const decoder = newDecoder();
        expect(codeOf(decode(before, {}, decoder))).not.toBe('IDV_REPLY_UNREADABLE');
        expect(decode(body, {}, decoder)).toMatchObject(SEEN);
        expect(codeOf(decode(MATCH.replace('S1', 'S2'), {}, decoder))).toBe('match');
      }
    }
  });

  it('is recognised by its seqNo alone and by its request ID alone, ignoring case', () => {
    const decoder = newDecoder();
    decode(MATCH, headers({ 'x-ca-request-id': REQUEST_ID }), decoder);
    expect(decode(MATCH.replace('S1', 's1'), {}, decoder)).toMatchObject(SEEN);
    const again = headers({ 'x-ca-request-id': REQUEST_ID.toLowerCase() });
    expect(decode(MATCH.replace('S1', 'S2'), again, decoder)).toMatchObject(SEEN);
    expect(decode('', { ...again, status: 502 }, decoder)).toMatchObject(SEEN);
    const busy = { ...again.headers, 'x-ca-error-message': 'Throttled by API Flow Control' };
    expect(decode('', { status: 403, headers: busy }, decoder)).toMatchObject(SEEN);
  });

  it('is reported without its IDs, which belong to the other call', () => {
    const decoder = newDecoder();
    const ids = headers({ 'x-ca-request-id': REQUEST_ID });
    decode(MATCH, ids, decoder);
    const { error } = decode(MATCH, ids, decoder) as Extract<Decoded, { kind: 'failure' }>;
    expect([error.seqNo, error.requestId]).toEqual([undefined, undefined]);
    expect(error.message).toContain('an earlier reply had the same seqNo');
  });

  it('is not recognised without IDs', () => {
    const decoder = newDecoder();
    const busy = () => codeOf(decode('{"code":"10017"}', headers({ 'x-ca-request-id': 'R' }), decoder));
    expect([busy(), busy()]).toEqual(['IDV_BUSY', 'IDV_BUSY']);
  });
});
