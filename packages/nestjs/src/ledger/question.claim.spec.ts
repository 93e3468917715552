import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { LedgerKeys } from './ledger.keys.js';
import { questionClaim, type ClaimTerms } from './question.claim.js';

const [person] = TEST_POPULATION;
const keys = new LedgerKeys([{ kid: '1', secret: 'a pepper that is long enough for this' }]);
const terms: ClaimTerms = { scope: 's', leaseMs: 1, doubtMs: 2, budget: { callsPerDay: 3 }, subjectLimit: undefined };
const claim = () => questionClaim(terms, keys, person, ['key'], 4, true);

describe('the claim of a question', () => {
  it('has the terms of the account, and the keys of the question and of its two subjects', () => {
    expect(claim()).toEqual({
      ...terms,
      keys: ['key'],
      idKeys: keys.idNumber('s', person.idCard),
      mobileKeys: keys.mobile('s', person.mobile),
      owner: expect.stringMatching(/^[0-9a-f-]{36}$/),
      maxAgeMs: 4,
      repeatInDoubt: true,
    });
  });

  it('has an owner of its own', () => {
    expect(claim().owner).not.toBe(claim().owner);
  });

  it('names nobody', () => {
    for (const value of Object.values(person)) expect(JSON.stringify(claim())).not.toContain(value);
  });
});
