import type { Outcome } from '@identity-verify/contract';
import type { Clock } from '../support/clock.js';
import type { ResolvedOptions } from '../options/options.resolver.js';
import type { CallHealth } from '../errors/consequences.data.js';
import type { Decoded } from '../upstream/reply.decoder.js';
import type { LedgerAnswer, Settlement } from '../ledger/ledger.port.js';
import type { Writable } from '../support/writable.types.js';

/** Share by which a lifetime varies, so that answers that arrived together do not expire together. */
const JITTER = 0.1;

const LIFETIME_OF = {
  match: 'matchMs',
  mismatch: 'mismatchMs',
  no_record: 'noRecordMs',
  indeterminate: 'indeterminateMs',
} as const satisfies Record<Outcome, keyof ResolvedOptions['lifetimes']>;

/** Decides the settlement of a call: the answer and its lifetime, the charge, a latch and a block. */
export class SettlementPolicy {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #random: () => number;
  readonly #lifetimes: ResolvedOptions['lifetimes'];
  readonly #latches: ResolvedOptions['latches'];

  constructor(
    clock: Pick<Clock, 'now'>,
    { random, lifetimes, latches }: Pick<ResolvedOptions, 'lifetimes' | 'latches' | 'random'>,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#lifetimes = lifetimes;
    this.#latches = latches;
  }

  /** Time for which a question stays in doubt after its owner has died, in milliseconds. */
  get doubtMs(): number {
    return this.#lifetimes.unknownMs;
  }

  /** The shortest time for which an answer is kept, in milliseconds. */
  shortestLifetimeMs(outcome: Outcome): number {
    return this.#lifetimes[LIFETIME_OF[outcome]] * (1 - JITTER);
  }

  /** The longest time for which an answer is kept, in milliseconds. */
  longestLifetimeMs(outcome: Outcome): number {
    return this.#lifetimes[LIFETIME_OF[outcome]] * (1 + JITTER);
  }

  /** Refunds what is proven unbilled. What may have been billed stays charged. */
  resultOf(decoded: Decoded, health: CallHealth): Settlement['result'] {
    if (decoded.kind === 'answer') {
      const { outcome, code, billed, seqNo, requestId } = decoded;
      const answer: Writable<LedgerAnswer> = { outcome, code, billed, answeredAt: this.#clock.now() };
      if (seqNo !== undefined) answer.seqNo = seqNo;
      if (requestId !== undefined) answer.requestId = requestId;
      return {
        kind: 'answered',
        answer,
        ttlMs: this.#varied(this.#lifetimes[LIFETIME_OF[outcome]]),
        charged: billed !== 'no',
      };
    }
    if (decoded.error.billed !== 'no') return { kind: 'in_doubt', ttlMs: this.#varied(this.#lifetimes.unknownMs) };
    const { latch, block } = decoded;
    return {
      kind: 'unbilled',
      // The limit on equal questions is about the question as well: it says nothing about the account.
      ...((health === 'unasked' || block) && { inconclusive: true }),
      ...(block && { blockMs: this.#varied(this.#lifetimes.sameParameterBlockMs) }),
      ...(latch && { latch: { name: latch, ms: this.#latches[`${latch}Ms`] } }),
    };
  }

  #varied(ms: number): number {
    return Math.round(ms * (1 - JITTER + 2 * JITTER * this.#random()));
  }
}

/** For how long a settlement holds back the same question, or all questions of the account, in milliseconds. */
export function holdOf(result: Settlement['result'] | undefined): number {
  if (result?.kind === 'in_doubt') return result.ttlMs;
  return result?.kind === 'unbilled' ? Math.max(result.blockMs ?? 0, result.latch?.ms ?? 0) : 0;
}
