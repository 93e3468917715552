import type { Outcome } from '@identity-verify/contract';
import type { Clock } from '../support/clock.js';
import type { ResolvedOptions } from '../options/options.resolver.js';
import type { CallHealth } from '../errors/consequences.data.js';
import type { Decoded } from '../upstream/reply.decoder.js';
import type { Settlement } from '../ledger/ledger.port.js';

/** How far a lifetime is varied, so that answers which came together do not all lapse together. */
const JITTER = 0.1;

const LIFETIME_OF = {
  match: 'matchMs',
  mismatch: 'mismatchMs',
  no_record: 'noRecordMs',
  indeterminate: 'indeterminateMs',
} as const satisfies Record<Outcome, keyof ResolvedOptions['lifetimes']>;

/** Decides what the ledger is told of a call: what is kept and how long, what stays charged, what is closed. */
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

  /** How long a question stays in doubt when its owner has died. */
  get doubtMs(): number {
    return this.#lifetimes.unknownMs;
  }

  /** What is proven unbilled is given back; what may have been billed stays charged. */
  resultOf(decoded: Decoded, health: CallHealth): Settlement['result'] {
    if (decoded.kind === 'answer') {
      const { kind: _kind, ...answer } = decoded;
      return {
        kind: 'answered',
        answer: { ...answer, answeredAt: this.#clock.now() },
        ttlMs: this.#varied(this.#lifetimes[LIFETIME_OF[answer.outcome]]),
        charged: answer.billed !== 'no',
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
