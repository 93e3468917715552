import { randomUUID } from 'node:crypto';
import type { ClaimRequest, LedgerAnswer, Settlement } from './ledger.port.js';
import type { Reservation } from './scope.account.js';
import type { SubjectMark } from './subject.book.js';

/**
 * A call of which the store has yet to be told: it was granted without the store, or its end could not be written.
 */
export interface LocalCall {
  request: ClaimRequest;
  readonly scope: string;
  /** Undefined if the store granted the call. */
  readonly mark: SubjectMark | undefined;
  /** The call may have been paid for, and the store does not count it yet. */
  reservation: Reservation | undefined;
  /** The owner under which it is claimed afterwards, if the store has no intent of the first one. */
  readonly laterOwner: string;
  /** A claim was sent before, so the store may hold an intent of it. */
  readonly mayStand: boolean;
  /** The later claim was sent, so the store may hold an intent of it. */
  isClaimed: boolean;
  /** The person was erased, or the answer is over: only the call is left to count. */
  isReduced: boolean;
  /** In monotonic milliseconds. */
  endedAt: number | undefined;
}

/** A limit that no question reaches, and that every store can compare. */
const NO_LIMIT = 1_000_000_000;

/** The parts of a claim that name a person, without one. */
export const NOBODY = { idKeys: [], mobileKeys: [], subjectLimit: undefined } as const;

export function newCall(
  request: ClaimRequest,
  mayStand: boolean,
  granted: Partial<Pick<LocalCall, 'mark' | 'reservation' | 'endedAt'>>,
): LocalCall {
  return {
    request,
    scope: request.scope,
    mark: undefined,
    reservation: undefined,
    laterOwner: randomUUID(),
    mayStand,
    isClaimed: false,
    isReduced: false,
    endedAt: undefined,
    ...granted,
  };
}

/** The key under which a call is counted that names no question any more. */
export function uncountedKey(owner: string): string {
  return `uncounted.${owner}`;
}

/** Makes the claim under which a call is written that was already made: no limit can refuse it any more. */
export function laterClaim({ request, laterOwner }: LocalCall): ClaimRequest {
  const { subjectLimit } = request;
  return {
    ...request,
    owner: laterOwner,
    maxAgeMs: undefined,
    repeatInDoubt: true,
    budget: {},
    subjectLimit: subjectLimit && { ...subjectLimit, perIdNumber: NO_LIMIT, perMobile: NO_LIMIT },
  };
}

/** What is left of the lifetimes of an end after so many milliseconds. */
export function aged(settlement: Settlement, ageMs: number): Settlement {
  const { result } = settlement;
  const rest = (ms: number) => Math.max(0, Math.floor(ms - ageMs));
  if (result.kind !== 'unbilled') return { ...settlement, result: { ...result, ttlMs: rest(result.ttlMs) } };
  const { blockMs, latch, ...others } = result;
  const [blockedMs, latchedMs] = [rest(blockMs ?? 0), rest(latch?.ms ?? 0)];
  return {
    ...settlement,
    result: {
      ...others,
      ...(blockedMs > 0 && { blockMs: blockedMs }),
      ...(latch && latchedMs > 0 && { latch: { ...latch, ms: latchedMs } }),
    },
  };
}

/** Whether a store that never heard of the call has to hear of its end. */
export function isWorthWriting({ result }: Settlement): boolean {
  return result.kind !== 'unbilled' || result.latch !== undefined || (result.blockMs ?? 0) > 0;
}

/** Whether nothing of an end is to be kept any more. */
export function isOver({ result }: Settlement): boolean {
  return result.kind === 'unbilled' ? result.blockMs === undefined && result.latch === undefined : result.ttlMs <= 0;
}

/** The same end, of which nothing is kept. */
export function erased(settlement: Settlement): Settlement {
  const { result } = settlement;
  if (result.kind === 'answered') return { ...settlement, result: { ...result, ttlMs: 0 } };
  if (result.kind === 'in_doubt') return { ...settlement, result: { kind: 'in_doubt', ttlMs: 1 } };
  const { blockMs: _block, ...others } = result;
  return { ...settlement, result: others };
}

/**
 * Whether the store's answer is the one of this call. An answer without an id of its own is not: another process may have
 * got an equal one in the same millisecond, and a call that is counted twice is better than one that is not.
 */
export function isSame(kept: LedgerAnswer, { result }: Settlement): boolean {
  if (result.kind !== 'answered') return false;
  const { answer } = result;
  if (answer.seqNo === undefined && answer.requestId === undefined) return false;
  return (['outcome', 'code', 'seqNo', 'requestId', 'answeredAt'] as const).every(
    (name) => kept[name] === answer[name],
  );
}
