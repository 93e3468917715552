import type { Clock } from '../clock.js';
import { identityVerifyError, type IdentityVerifyError } from '../errors/identity-verify.error.js';
import type { IdentityVerifyErrorCode } from '../errors/error-codes.data.js';
import type { Awaitable, ClaimRefusal } from './ledger.port.js';

/**
 * Puts a deadline of our own around a call to a ledger: clients of remote stores wait for ever when the store hangs.
 * A ledger that answers at once costs no timer.
 *
 * @throws {IdentityVerifyError} IDV_LEDGER_UNAVAILABLE when the ledger fails or is late
 */
export function withinDeadline<T>(clock: Clock, timeoutMs: number, call: () => Awaitable<T>): Awaitable<T> {
  let answer: Awaitable<T>;
  try {
    answer = call();
  } catch {
    throw identityVerifyError('IDV_LEDGER_UNAVAILABLE');
  }
  if (!(answer instanceof Promise)) return answer;
  return new Promise<T>((resolve, reject) => {
    const cancelTimer = clock.schedule(
      () => reject(identityVerifyError('IDV_LEDGER_UNAVAILABLE', { detail: `no answer within ${timeoutMs} ms` })),
      timeoutMs,
    );
    // What the store itself complains of may hold keys or addresses, so it goes no further.
    answer.then(resolve, () => reject(identityVerifyError('IDV_LEDGER_UNAVAILABLE'))).finally(cancelTimer);
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

/** The error that a refused claim is raised as. Which subject hit its limit is not told: it would help guessing. */
export function refusalError(reason: ClaimRefusal, retryAfterMs: number): IdentityVerifyError {
  const detail = DETAIL_OF_REFUSAL[reason];
  return identityVerifyError(CODE_OF_REFUSAL[reason], { retryAfterMs, ...(detail && { detail }) });
}
