import type { Clock } from '../support/clock.js';
import { identityVerifyError, isIdentityVerifyError, unpaid } from '../errors/identity-verify.error.js';
import type { Flight } from './flight.registry.js';
import type { Verification, VerifyOptions } from './verification.types.js';

/**
 * Waits for the call of an equal question. That question pays for it.
 *
 * @param endsAt the deadline of this question, in monotonic milliseconds
 * @returns undefined if the result does not satisfy this question, which must then ask on its own
 */
export async function joinFlight(
  flight: Flight<Verification>,
  how: VerifyOptions,
  endsAt: number,
  clock: Clock,
): Promise<Verification | undefined> {
  try {
    const answer = await waitFor(flight, how.signal, endsAt, clock);
    // It may be older than this question accepts. The ledger knows its age.
    if (answer.source === 'ledger' && how.maxAgeMs !== undefined) return undefined;
    return { ...answer, source: 'joined', billed: 'no' };
  } catch (error) {
    if (!isIdentityVerifyError(error)) throw error;
    const wasGivenUpByOthers = error.code === 'IDV_ABORTED' && how.signal?.aborted !== true;
    const insists = error.code === 'IDV_IN_DOUBT' && how.repeatInDoubt === true;
    if (wasGivenUpByOthers || insists) return undefined;
    throw unpaid(error);
  }
}

/** Waits for a flight, which may have a later deadline than the question that joins it. */
async function waitFor(
  flight: Flight<Verification>,
  signal: AbortSignal | undefined,
  endsAt: number,
  clock: Clock,
): Promise<Verification> {
  const aborted = () => identityVerifyError('IDV_ABORTED');
  if (flight.endsAt <= endsAt) return flight.wait(signal, aborted);
  const bounded = new AbortController();
  const leave = () => bounded.abort();
  const cancelDeadline = clock.schedule(leave, endsAt - clock.monotonic());
  signal?.addEventListener('abort', leave);
  try {
    return await flight.wait(bounded.signal, () =>
      signal?.aborted
        ? aborted()
        : identityVerifyError('IDV_TIMEOUT', {
            detail: 'while joined to an equal question',
            billed: 'no',
            retryable: true,
          }),
    );
  } finally {
    cancelDeadline();
    signal?.removeEventListener('abort', leave);
  }
}

/** @throws {IdentityVerifyError} IDV_ABORTED when the signal aborts first */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(identityVerifyError('IDV_ABORTED'));
    signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
