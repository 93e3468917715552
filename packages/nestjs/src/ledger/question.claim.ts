import { randomUUID } from 'node:crypto';
import type { Identity } from '../identity/identity.check.js';
import type { LedgerKeys } from './ledger.keys.js';
import type { CallBudget, ClaimRequest, SubjectLimit } from './ledger.port.js';

/** The part of a claim that is the same for all questions of an account. */
export interface ClaimTerms {
  readonly scope: string;
  readonly leaseMs: number;
  readonly doubtMs: number;
  readonly budget: CallBudget;
  readonly subjectLimit: SubjectLimit | undefined;
}

/** Makes the claim of one question, with a unique owner. */
export function questionClaim(
  terms: ClaimTerms,
  ledgerKeys: LedgerKeys,
  { idCard, mobile }: Identity,
  keys: readonly string[],
  maxAgeMs: number | undefined,
  repeatInDoubt: boolean,
): ClaimRequest {
  const { scope, leaseMs, doubtMs, budget, subjectLimit } = terms;
  return {
    scope,
    leaseMs,
    doubtMs,
    budget,
    subjectLimit,
    keys,
    idKeys: ledgerKeys.idNumber(scope, idCard),
    mobileKeys: ledgerKeys.mobile(scope, mobile),
    owner: randomUUID(),
    maxAgeMs,
    repeatInDoubt,
  };
}
