import type { Clock } from '../support/clock.js';
import { identityVerifyError, type IdentityVerifyError } from '../errors/identity-verify.error.js';
import type { IdentityVerifyErrorCode } from '../errors/error-codes.data.js';
import type {
  Awaitable,
  ClaimAnswer,
  ClaimRefusal,
  ClaimRequest,
  ForgetRequest,
  Grant,
  LatchState,
  Ledger,
  LedgerAnswer,
  LedgerSpent,
  Settlement,
} from './ledger.port.js';

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

  constructor(ledger: Ledger, clock: Clock, timeoutMs: number) {
    this.#ledger = ledger;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Returns a fresh answer from the memory of this process. */
  peek(keys: readonly string[], maxAgeMs: number | undefined): LedgerAnswer | undefined {
    try {
      return this.#ledger.peek?.(keys, maxAgeMs);
    } catch {
      throw unavailable();
    }
  }

  /** Claims a question. A grant that arrives after the deadline is released, so that it holds no reservation. */
  claim(request: ClaimRequest, waitMs = Infinity): ClaimAnswer | Promise<ClaimAnswer> {
    return this.#call(
      () => this.#ledger.claim(request),
      waitMs,
      // Not awaited. If this release fails, the lease expires.
      () => void this.release(grantOf(request)).catch(() => undefined),
    );
  }

  async settle(settlement: Settlement): Promise<boolean> {
    return this.#call(() => this.#ledger.settle(settlement));
  }

  async release(grant: Grant): Promise<boolean> {
    return this.#call(() => this.#ledger.release(grant));
  }

  async forget(request: ForgetRequest): Promise<number> {
    return this.#call(() => this.#ledger.forget(request));
  }

  async spent(scope: string): Promise<LedgerSpent> {
    return this.#call(() => this.#ledger.spent(scope));
  }

  async latch(scope: string): Promise<LatchState | undefined> {
    return this.#call(() => this.#ledger.latch(scope));
  }

  async reopen(scope: string): Promise<boolean> {
    return this.#call(() => this.#ledger.reopen(scope));
  }

  async scopes(): Promise<readonly string[]> {
    return this.#call(() => this.#ledger.scopes());
  }

  /** @param givenUp called when the ledger answers after the deadline, or fails */
  #call<T>(call: () => Awaitable<T>, waitMs = Infinity, givenUp?: () => void): T | Promise<T> {
    let answer: Awaitable<T>;
    try {
      answer = call();
      if (!isThenable(answer)) return answer;
    } catch {
      throw unavailable();
    }
    const ended = Promise.resolve(answer); // a query builder starts, and may throw, only when it is awaited
    const ms = Math.min(this.#timeoutMs, waitMs);
    return new Promise<T>((resolve, reject) => {
      let isLate = false;
      const cancelTimer = this.#clock.schedule(() => {
        isLate = true;
        reject(unavailable(`no answer within ${ms} ms`));
      }, ms);
      ended.then(
        (value) => {
          cancelTimer();
          resolve(value);
          if (isLate) givenUp?.();
        },
        () => {
          cancelTimer();
          reject(unavailable());
          givenUp?.(); // the ledger may have granted the claim before it failed
        },
      );
    });
  }
}

function isThenable<T>(value: Awaitable<T>): value is PromiseLike<T> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

function unavailable(detail?: string): IdentityVerifyError {
  return identityVerifyError('IDV_LEDGER_UNAVAILABLE', detail === undefined ? {} : { detail });
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
