import type { Clock } from '../support/clock.js';
import { after, isThenable } from '../support/thenable.js';
import type { IdentityVerifyError } from '../errors/identity-verify.error.js';
import type {
  Awaitable,
  ClaimAnswer,
  ClaimRequest,
  ForgetRequest,
  Grant,
  LatchState,
  Ledger,
  LedgerAnswer,
  LedgerSpent,
  Settlement,
} from './ledger.port.js';
import type { AnswerSeal } from './answer.seal.js';
import { unavailable } from './ledger.errors.js';
import type { StoreBreaker, StoreEnd } from './store.breaker.js';

/** The part of {@link LedgerGate} that the engine uses, with or without an answer of its own while the store fails. */
export type LedgerFront = Pick<
  LedgerGate,
  | 'peek'
  | 'claim'
  | 'settle'
  | 'release'
  | 'forget'
  | 'spent'
  | 'latch'
  | 'reopen'
  | 'scopes'
  | 'scopesInMemory'
  | 'stop'
>;

/** What a caller is told about one claim. */
export interface ClaimHooks {
  /** The claim is sent to the ledger. Not called when it is refused because the store hangs. */
  readonly onSent?: () => void;
  /**
   * The ledger may have granted the claim after its deadline, or before it failed. Without this function, the grant is
   * given back.
   */
  readonly onLeftOver?: () => void;
}

/** Returns the grant that a claim would give. */
export function grantOf({ scope, keys: [key = ''], owner }: ClaimRequest): Grant {
  return { scope, key, owner };
}

/**
 * Adds a deadline to a ledger, because clients of remote stores can wait forever when the store hangs. A ledger that
 * answers synchronously costs no timer and no promise.
 *
 * Every method throws, or rejects with, IDV_LEDGER_UNAVAILABLE when the ledger fails or exceeds the deadline. The
 * ledger's own error is dropped, because it can contain keys or addresses.
 */
export class LedgerGate {
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #breaker: StoreBreaker | undefined;
  readonly #seal: AnswerSeal | undefined;

  /**
   * @param breaker refuses commands at once while the store hangs. @default none: every command is sent
   * @param seal of the answers of a store that others may write to. @default none: answers are believed
   */
  constructor(ledger: Ledger, clock: Clock, timeoutMs: number, breaker?: StoreBreaker, seal?: AnswerSeal) {
    this.#ledger = ledger;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#breaker = breaker;
    this.#seal = seal;
  }

  /** Returns a fresh answer from the memory of this process. */
  peek(keys: readonly string[], maxAgeMs: number | undefined): LedgerAnswer | undefined {
    let answer: LedgerAnswer | undefined;
    try {
      answer = this.#ledger.peek?.(keys, maxAgeMs);
    } catch {
      throw unavailable();
    }
    if (answer) this.#assertGenuine(keys, answer);
    // If it is over, the claim decides what that means.
    return answer && this.#seal?.outlived(answer) !== undefined ? undefined : answer;
  }

  /**
   * Claims a question. A grant that arrives after the deadline is released, so that it holds no reservation.
   *
   * @param unreleased called when that release fails, so the store may hold a grant that nobody uses
   */
  claim(
    request: ClaimRequest,
    waitMs = Infinity,
    unreleased?: () => void,
    hooks: ClaimHooks = {},
  ): ClaimAnswer | Promise<ClaimAnswer> {
    const claimed = this.#claimed(request, waitMs, unreleased, hooks);
    if (!this.#seal) return claimed;
    const { keys, maxAgeMs = Infinity } = request;
    return after(claimed, (answer) => {
      const lifetimeMs = this.#genuinelyOver(keys, answer);
      if (lifetimeMs === undefined) return answer;
      // It was kept when lifetimes were longer, or somebody put it back. A store that can be believed has nothing younger.
      const younger = { ...request, maxAgeMs: Math.min(lifetimeMs, maxAgeMs) };
      return after(this.#claimed(younger, waitMs, unreleased, hooks), (again) => {
        if (this.#genuinelyOver(keys, again) !== undefined)
          throw unavailable('an entry is kept beyond its lifetime, or a clock is wrong');
        return again;
      });
    });
  }

  #claimed(
    request: ClaimRequest,
    waitMs: number,
    unreleased: (() => void) | undefined,
    { onSent, onLeftOver }: ClaimHooks,
  ): ClaimAnswer | Promise<ClaimAnswer> {
    return this.#asked({
      call: () => {
        onSent?.();
        return this.#ledger.claim(request);
      },
      success: (claimed: ClaimAnswer | undefined) => (claimed?.verdict === 'granted' ? 'wrote' : 'read'),
      waitMs,
      givenUp: onLeftOver ?? (() => this.giveBack(grantOf(request), unreleased)),
    });
  }

  /** Sent in any state of the store, because it may carry an answer that is paid for. */
  settle(settlement: Settlement): boolean | Promise<boolean> {
    const sealed = this.#sealed(settlement);
    return this.#sent({ call: () => this.#ledger.settle(sealed), success: changed, isEnd: true }, false);
  }

  /** Sent in any state of the store, because it frees a reservation. */
  release(grant: Grant): boolean | Promise<boolean> {
    return this.#sent({ call: () => this.#ledger.release(grant), success: changed, isEnd: true }, false);
  }

  async forget(request: ForgetRequest): Promise<number> {
    return this.#asked({ call: () => this.#ledger.forget(request) });
  }

  async spent(scope: string): Promise<LedgerSpent> {
    return this.#asked({ call: () => this.#ledger.spent(scope) });
  }

  async latch(scope: string): Promise<LatchState | undefined> {
    return this.#asked({ call: () => this.#ledger.latch(scope) });
  }

  async reopen(scope: string): Promise<boolean> {
    return this.#asked({ call: () => this.#ledger.reopen(scope), success: changed });
  }

  async scopes(): Promise<readonly string[]> {
    return this.#asked({ call: () => this.#ledger.scopes() });
  }

  /** The scopes of what is kept in this process beside the ledger: none. */
  scopesInMemory(): Iterable<string> {
    return [];
  }

  /** Ends what runs in the background: nothing. */
  stop(): void {}

  /** Releases a grant that the store may have made. Not awaited, and not counted by the breaker. */
  giveBack(grant: Grant, unreleased: () => void = () => undefined): void {
    void Promise.resolve()
      .then(() => this.#ledger.release(grant))
      .catch(unreleased);
  }

  #sealed(settlement: Settlement): Settlement {
    const { key, result } = settlement;
    if (!this.#seal || result.kind !== 'answered') return settlement;
    return { ...settlement, result: { ...result, answer: this.#seal.sealed(key, result.answer) } };
  }

  /** The lifetime of an answer that is over. Throws if it is not genuine. */
  #genuinelyOver(keys: readonly string[], claimed: ClaimAnswer): number | undefined {
    if (claimed.verdict !== 'hit') return undefined;
    this.#assertGenuine(keys, claimed.answer);
    return this.#seal?.outlived(claimed.answer);
  }

  /** A forged answer is no answer, and to ask again would let whoever forged it spend the budget. */
  #assertGenuine(keys: readonly string[], answer: LedgerAnswer): void {
    if (this.#seal?.isGenuine(keys, answer) === false) throw unavailable('an entry has no valid seal');
  }

  #asked<T>(command: Command<T>): T | Promise<T> {
    const admission = this.#breaker?.enter();
    if (admission?.admitted === false) throw unavailable(undefined, admission.retryAfterMs);
    return this.#sent(command, admission?.probe === true);
  }

  #sent<T>(command: Command<T>, probe: boolean): T | Promise<T> {
    const { call, success = () => 'read', waitMs = Infinity, isEnd = false, givenUp } = command;
    const began = this.#clock.monotonic();
    const failed = (end: StoreEnd, detail?: string): IdentityVerifyError => {
      this.#breaker?.ended(probe, end);
      return unavailable(detail, this.#breaker?.retryAfterMs);
    };
    let answer: Awaitable<T>;
    try {
      answer = call();
      if (!isThenable(answer)) {
        this.#breaker?.ended(probe, success(answer));
        return answer;
      }
    } catch {
      // A ledger that answers synchronously has no timer, and can still wait for a lock.
      throw failed(this.#clock.monotonic() - began < this.#timeoutMs ? 'failed' : 'hung');
    }
    const ended = Promise.resolve(answer); // a query builder starts, and may throw, only when it is awaited
    const ms = Math.min(this.#timeoutMs, waitMs);
    return new Promise<T>((resolve, reject) => {
      let isLate = false;
      const cancelTimer = this.#clock.schedule(() => {
        isLate = true;
        reject(failed(isEnd || ms < this.#timeoutMs ? 'cut' : 'hung', `no answer within ${ms} ms`));
      }, ms);
      ended.then(
        (value) => {
          cancelTimer();
          if (isLate) return givenUp?.();
          this.#breaker?.ended(probe, success(value));
          resolve(value);
        },
        () => {
          cancelTimer();
          if (!isLate) reject(failed('failed'));
          givenUp?.(); // the ledger may have granted the claim before it failed
        },
      );
    });
  }
}

/** One call to the ledger. */
interface Command<T> {
  readonly call: () => Awaitable<T>;
  /** What an answer says about the store. @default read */
  readonly success?: (answer: T) => StoreEnd;
  /** Time that the question has left, in milliseconds. @default no limit */
  readonly waitMs?: number;
  /** It ends a call: a ledger may try it for longer than the deadline, so a timeout says nothing about the store. */
  readonly isEnd?: boolean;
  /** Called when the ledger answers after the deadline, or fails. */
  readonly givenUp?: () => void;
}

function changed(hasChanged: boolean): StoreEnd {
  return hasChanged ? 'wrote' : 'read';
}
