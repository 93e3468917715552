import type { Clock } from '../support/clock.js';
import { grantOf, type LedgerGate } from './ledger.gate.js';
import type { ClaimAnswer, ClaimRequest, Settlement } from './ledger.port.js';
import {
  aged,
  erased,
  isOver,
  isSame,
  isWorthWriting,
  laterClaim,
  NOBODY,
  uncountedKey,
  type LocalCall,
} from './local.call.js';
import type { LocalCalls } from './local.calls.js';
import type { SpendingShare } from './spending.share.js';
import type { Written } from './write.back.js';

/** The collaborators of {@link LocalWriter}. */
export interface LocalWriterParts {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly gate: LedgerGate;
  readonly calls: LocalCalls;
  readonly spending: SpendingShare;
}

/** Tells the store of calls that it did not grant, or of whose intents it is not certain. */
export class LocalWriter {
  readonly #parts: LocalWriterParts;

  constructor(parts: LocalWriterParts) {
    this.#parts = parts;
  }

  /**
   * Writes the end of a call: as its owner if the store may hold its intent, and else under a claim that nothing refuses.
   * Can be repeated: what an earlier try has written is recognised.
   */
  async write(settlement: Settlement, call: LocalCall): Promise<Written> {
    const { clock, gate } = this.#parts;
    const { owner } = settlement;
    if (call.mayStand && (await gate.settle(call.isReduced ? erased(settlement) : settlement))) {
      return this.#finished(owner, call);
    }
    if (!isWorthWriting(settlement)) return this.#finished(owner, call);
    const later = {
      ...this.#charged(aged(settlement, clock.monotonic() - (call.endedAt ?? Infinity)), call),
      owner: call.laterOwner,
    };
    if (call.isReduced || isOver(later)) return this.#count(owner, call);
    if (call.isClaimed && (await gate.settle(later))) return this.#finished(owner, call);
    if (call.isReduced) return this.#count(owner, call);
    call.isClaimed = true;
    const answer = await this.#claim(laterClaim(call));
    switch (answer.verdict) {
      case 'granted':
        if (answer.probe) return this.#later(later);
        if (answer.spent) this.#parts.spending.learn(call.scope, answer.spent);
        if (!(await gate.settle(call.isReduced ? erased(later) : later))) return 'later';
        return this.#finished(owner, call);
      case 'in_flight':
      case 'unknown':
        return 'later';
      case 'refused':
        if (answer.reason !== 'latched' && answer.reason !== 'capacity') break;
        if (call.reservation) return 'later';
        this.#parts.calls.finish(owner, call);
        return false;
      case 'hit':
        // Written by an earlier try, whose reply was lost.
        if (isSame(answer.answer, settlement)) return this.#finished(owner, call);
    }
    return this.#count(owner, call); // the store has an answer or a block of its own
  }

  /** Adds a call to the store's counters under a key that names no question. */
  async #count(owner: string, call: LocalCall): Promise<Written> {
    const { gate, calls, spending } = this.#parts;
    if (call.reservation && !spending.isOver(call.reservation)) {
      const claim = { ...laterClaim(call), ...NOBODY, keys: [uncountedKey(owner)], doubtMs: 1 };
      const answer = await this.#claim(claim);
      if (answer.verdict === 'refused') return 'later';
      if (answer.verdict === 'granted') {
        if (answer.probe) return this.#later(grantOf(claim));
        if (answer.spent) spending.learn(call.scope, answer.spent);
        // The call is counted already. This removes the intent, which otherwise ends with its lease.
        try {
          await gate.settle({ ...grantOf(claim), result: { kind: 'in_doubt', ttlMs: 1 } });
        } catch {
          // The store failed again.
        }
      }
      // Any other answer says that an earlier try has counted it.
    }
    calls.finish(owner, call);
    return 'counted';
  }

  /** A grant that comes too late is left to the next try, which settles it. */
  #claim(request: ClaimRequest): Promise<ClaimAnswer> | ClaimAnswer {
    return this.#parts.gate.claim(request, Infinity, undefined, { onLeftOver: () => undefined });
  }

  /** Gives a probe back: only a call that is made now can show that the account works again. */
  async #later(grant: Parameters<LedgerGate['release']>[0]): Promise<Written> {
    await this.#parts.gate.release(grant);
    return 'later';
  }

  #finished(owner: string, call: LocalCall): Written {
    this.#parts.calls.finish(owner, call);
    return true;
  }

  /** The claim that writes an answer reserves a call, which is one too many if the store counts this one already. */
  #charged(settlement: Settlement, { reservation }: LocalCall): Settlement {
    const { result } = settlement;
    if (result.kind !== 'answered') return settlement;
    const charged = reservation !== undefined && !this.#parts.spending.isOver(reservation);
    return { ...settlement, result: { ...result, charged } };
  }
}
