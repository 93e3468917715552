import type { ClaimAnswer, ClaimRefusal, LatchName, LatchState, LedgerAnswer } from '@identity-verify/nestjs';
import { RedisLedgerError } from './redis-ledger.error.js';

const OUTCOMES: readonly string[] = [
  'match',
  'mismatch',
  'no_record',
  'indeterminate',
] satisfies LedgerAnswer['outcome'][];
const BILLED: readonly string[] = ['yes', 'no', 'unknown'] satisfies LedgerAnswer['billed'][];
const LATCHES: readonly string[] = ['quota', 'access'] satisfies LatchName[];
const REFUSALS: readonly string[] = [
  'budget_day',
  'budget_month',
  'subject_id_number',
  'subject_mobile',
  'same_parameter',
  'latched',
] satisfies ClaimRefusal[];

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What a claim answered, and whether the name of its scope has been listed. */
export interface ClaimReply {
  readonly answer: ClaimAnswer;
  readonly isRegistered: boolean;
}

/** Reads what the script of a claim answers: the kept answer of a hit as it is, and else `[verdict, ...]`. */
export function readClaim(reply: unknown): ClaimReply {
  if (!Array.isArray(reply)) return { answer: { verdict: 'hit', answer: readAnswer(text(reply)) }, isRegistered: true };
  const [verdict, second, ...rest] = list(reply);
  switch (text(verdict)) {
    case 'granted': {
      const [today, thisMonth, registered] = rest;
      const spent = { callsToday: whole(today), callsThisMonth: whole(thisMonth) };
      return {
        answer: { verdict: 'granted', probe: whole(second) === 1, spent },
        isRegistered: whole(registered) === 1,
      };
    }
    case 'in_flight':
      return { answer: { verdict: 'in_flight', leaseMs: whole(second) }, isRegistered: true };
    case 'unknown':
      return { answer: { verdict: 'unknown', retryAfterMs: whole(second) }, isRegistered: true };
    case 'refused': {
      const reason = oneOf(second, REFUSALS) as ClaimRefusal;
      return { answer: { verdict: 'refused', reason, retryAfterMs: whole(rest[0]) }, isRegistered: true };
    }
    default:
      throw unreadable();
  }
}

/** The answer as it is kept: what the port names, and nothing else that an object may hold. */
export function writeAnswer({ outcome, code, billed, seqNo, requestId, answeredAt, seal }: LedgerAnswer): string {
  return JSON.stringify({ outcome, code, billed, seqNo, requestId, answeredAt, seal });
}

/** Reads a kept answer. A match is never guessed: what is not exactly an answer is an error. */
export function readAnswer(json: string): LedgerAnswer {
  const kept = parsed(json);
  const { code, seqNo, requestId, answeredAt, seal } = kept;
  if (typeof code !== 'string' || typeof answeredAt !== 'number') throw unreadable();
  const outcome = oneOf(kept.outcome, OUTCOMES) as LedgerAnswer['outcome'];
  const billed = oneOf(kept.billed, BILLED) as LedgerAnswer['billed'];
  const answer: Writable<LedgerAnswer> = { outcome, code, billed, answeredAt };
  if (seqNo !== undefined) answer.seqNo = text(seqNo);
  if (requestId !== undefined) answer.requestId = text(requestId);
  if (seal !== undefined) answer.seal = text(seal);
  return answer;
}

/** Reads the state of a latch: `[name, until]`, or nothing. */
export function readLatch(reply: unknown): LatchState | undefined {
  const [name, until] = list(reply);
  return name === undefined ? undefined : { name: oneOf(name, LATCHES) as LatchName, until: whole(until) };
}

/** Clients answer with lists, strings, numbers or, where they are told to, Buffers. */
export function list(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw unreadable();
  return reply;
}

export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  throw unreadable();
}

export function whole(value: unknown): number {
  const number = typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number(text(value));
  if (!Number.isSafeInteger(number)) throw unreadable();
  return number;
}

function oneOf(value: unknown, allowed: readonly string[]): string {
  const found = text(value);
  if (!allowed.includes(found)) throw unreadable();
  return found;
}

function parsed(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // What it was goes no further.
  }
  throw unreadable();
}

function unreadable(): RedisLedgerError {
  return new RedisLedgerError(
    'The store answers what no ledger wrote: another version, or another program, uses its keys.',
  );
}
