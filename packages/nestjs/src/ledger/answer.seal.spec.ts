import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { AnswerSeal } from './answer.seal.js';
import { ManualClock } from '../testing/manual.clock.js';
import { LedgerKeys, type Pepper } from './ledger.keys.js';
import type { LedgerAnswer } from './ledger.port.js';

const old = { kid: '2025', secret: 'the pepper of the year before this one' };
const current = { kid: '2026', secret: 'a pepper that is long enough for this' };
const sealUnder = (...peppers: Pepper[]) =>
  new AnswerSeal(new LedgerKeys(peppers), new ManualClock(0), (outcome) => (outcome === 'match' ? 2_000 : 1_000));
const seal = sealUnder(current, old);
const KEY = 'v1.2026.a-question';
const ANSWER: LedgerAnswer = { outcome: 'mismatch', code: '10000', billed: 'yes', seqNo: 'S', answeredAt: 1 };

const answers = fc.record<LedgerAnswer>(
  {
    outcome: fc.constantFrom('match', 'mismatch', 'no_record', 'indeterminate'),
    code: fc.string(),
    billed: fc.constantFrom('yes', 'no', 'unknown'),
    seqNo: fc.string(),
    requestId: fc.string(),
    answeredAt: fc.double({ min: 0, max: 2 ** 45, noNaN: true }),
  },
  { requiredKeys: ['outcome', 'code', 'billed', 'answeredAt'] },
);

describe('AnswerSeal', () => {
  it('recognises what it has sealed, as a store gives it back', () => {
    fc.assert(
      fc.property(answers, fc.constantFrom(KEY, 'v1.2025.a-question'), (answer, key) => {
        const kept = JSON.parse(JSON.stringify(seal.sealed(key, answer))) as LedgerAnswer;
        // A store may keep whole milliseconds.
        expect(seal.isGenuine([key], { ...kept, answeredAt: Math.floor(answer.answeredAt) })).toBe(true);
        expect(seal.isGenuine(['v1.2026.another-key-of-it', key], kept)).toBe(true);
      }),
    );
  });

  // Processes of two versions share a store, so a change of this is a change of the seal's version.
  it.each<[string, LedgerAnswer]>([
    ['s18:v1.2026.a-question8:mismatch5:100003:yes1:S0:1:1', ANSWER],
    ['s18:v1.2026.a-question8:mismatch5:100003:yes0:1:R1:2', { ...ANSWER, seqNo: '', requestId: 'R', answeredAt: 2.9 }],
    [
      's18:v1.2026.a-question5:match5:100002:no0:0:1:0',
      { outcome: 'match', code: '10000', billed: 'no', answeredAt: 0 },
    ],
  ])('is the HMAC-SHA256 of %s', (message, answer) => {
    const expected = createHmac('sha256', current.secret).update(message).digest('base64');
    expect(seal.sealed(KEY, answer)).toEqual({ ...answer, seal: expected });
  });

  it.each<[string, LedgerAnswer]>([
    ['another outcome', { ...seal.sealed(KEY, ANSWER), outcome: 'match' }],
    ['another code', { ...seal.sealed(KEY, ANSWER), code: '10001' }],
    ['another cost', { ...seal.sealed(KEY, ANSWER), billed: 'no' }],
    ['another seqNo', { ...seal.sealed(KEY, ANSWER), seqNo: 'T' }],
    ['a seqNo moved to the request id', { ...seal.sealed(KEY, { ...ANSWER, requestId: 'S' }), seqNo: '' }],
    ['a request id', { ...seal.sealed(KEY, ANSWER), requestId: 'R' }],
    ['another time', { ...seal.sealed(KEY, ANSWER), answeredAt: 2 }],
    ['no seal', ANSWER],
    ['an empty seal', { ...ANSWER, seal: '' }],
    ['the beginning of its seal', { ...ANSWER, seal: seal.sealed(KEY, ANSWER).seal!.slice(0, -1) }],
    ['more than its seal', { ...ANSWER, seal: `${seal.sealed(KEY, ANSWER).seal}=` }],
    ['a seal of other bytes', { ...ANSWER, seal: '字'.repeat(44) }],
    ['the seal of another question', seal.sealed('v1.2026.of-somebody-else', ANSWER)],
    ['the seal of another pepper', sealUnder({ ...old, kid: '2026' }).sealed(KEY, ANSWER)],
    ['the seal under the older pepper', { ...ANSWER, seal: seal.sealed(KEY.replace('2026', '2025'), ANSWER).seal! }],
  ])('recognises no answer with %s', (_title, answer) => {
    expect(seal.isGenuine([KEY], answer)).toBe(false);
  });

  it('seals nothing, and recognises nothing, for the key of an unknown pepper', () => {
    expect(seal.sealed('v1.2024.a-question', ANSWER)).toBe(ANSWER);
    const sealed = seal.sealed(KEY, ANSWER);
    expect(seal.isGenuine(['v1.2024.a-question'], sealed)).toBe(false);
    expect(seal.isGenuine(['v1.2024.a-question', KEY], sealed)).toBe(true);
    expect(seal.isGenuine([], sealed)).toBe(false);
  });

  const HOUR = 3_600_000;
  it.each<[LedgerAnswer['outcome'], number, number | undefined]>([
    ['mismatch', 0, undefined],
    ['mismatch', HOUR + 1_000, undefined],
    ['mismatch', HOUR + 1_001, 1_000],
    ['match', HOUR + 2_000, undefined],
    ['match', HOUR + 2_001, 2_000],
    ['match', -HOUR, undefined], // by the clock of another process
  ])(
    'says of a %s that is %i ms old, give or take an hour of clocks, whether it is over',
    (outcome, ageMs, expected) => {
      expect(seal.outlived({ ...ANSWER, outcome, answeredAt: -ageMs })).toBe(expected);
    },
  );
});
