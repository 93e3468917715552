import type {
  Awaitable,
  ClaimAnswer,
  ClaimRequest,
  ForgetRequest,
  LatchState,
  Ledger,
  LedgerSpent,
  Settlement,
} from '@identity-verify/nestjs';
import { currentTimeline } from './call.timeline.js';

/** Is told what the ledger decided. It never learns a person: the port carries none. */
export interface LedgerObserver {
  claimed(scope: string, answer: ClaimAnswer): void;
  settled(settlement: Settlement): void;
}

/**
 * A ledger that tells what it does: the place where money is decided is the place to keep an audit trail. An observer
 * that fails never fails a verification.
 */
export class ObservedLedger implements Ledger {
  constructor(
    private readonly inner: Ledger,
    private readonly observer: LedgerObserver,
  ) {}

  claim(request: ClaimRequest): Awaitable<ClaimAnswer> {
    currentTimeline()?.addValidation();
    return measured('claim', this.inner.claim(request), (answer) => this.observer.claimed(request.scope, answer));
  }

  settle(settlement: Settlement): Awaitable<boolean> {
    return measured('settle', this.inner.settle(settlement), () => this.observer.settled(settlement));
  }

  forget(request: ForgetRequest): Awaitable<number> {
    return this.inner.forget(request);
  }

  spent(scope: string): Awaitable<LedgerSpent> {
    return this.inner.spent(scope);
  }

  latch(scope: string): Awaitable<LatchState | undefined> {
    return this.inner.latch(scope);
  }
}

function measured<T>(step: 'claim' | 'settle', result: Awaitable<T>, tell: (value: T) => void): Awaitable<T> {
  const started = performance.now();
  const done = (value: T): T => {
    currentTimeline()?.add(step, performance.now() - started);
    tell(value);
    return value;
  };
  // What answers at once must go on answering at once: the short way of a hit depends on it.
  return result instanceof Promise ? later(result, done) : done(result);
}

async function later<T>(result: Promise<T>, done: (value: T) => T): Promise<T> {
  return done(await result);
}
