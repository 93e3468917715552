import type { IdentityVerifyErrorCode } from '../errors/error-codes.data.js';
import { identityVerifyError, type IdentityVerifyError } from '../errors/identity-verify.error.js';
import type { ClaimRefusal } from './ledger.port.js';

/** Makes the error of a ledger that did not answer. */
export function unavailable(detail?: string, retryAfterMs?: number): IdentityVerifyError {
  return identityVerifyError('IDV_LEDGER_UNAVAILABLE', {
    ...(detail !== undefined && { detail }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

const CODE_OF_REFUSAL = {
  budget_day: 'IDV_BUDGET_EXHAUSTED',
  budget_month: 'IDV_BUDGET_EXHAUSTED',
  subject_id_number: 'IDV_SUBJECT_LIMIT',
  subject_mobile: 'IDV_SUBJECT_LIMIT',
  same_parameter: 'IDV_SAME_PARAMETER_BLOCKED',
  latched: 'IDV_LATCHED',
  capacity: 'IDV_CAPACITY',
} as const satisfies Record<ClaimRefusal, IdentityVerifyErrorCode>;

const DETAIL_OF_REFUSAL: Partial<Record<ClaimRefusal, string>> = {
  budget_day: 'today',
  budget_month: 'this month',
};

/**
 * Makes the error of a refused claim. It does not say which subject reached its limit, because that would help
 * guessing.
 */
export function refusalError(reason: ClaimRefusal, retryAfterMs: number): IdentityVerifyError {
  const detail = DETAIL_OF_REFUSAL[reason];
  return identityVerifyError(CODE_OF_REFUSAL[reason], { retryAfterMs, ...(detail && { detail }) });
}
