import type { Clock } from '@identity-verify/nestjs';
import type { SqlSession } from './sql.session.js';

/** One moment on both clocks, in whole milliseconds. */
export interface Moment {
  /** The calendar, for budgets. */
  readonly now: number;
  /** The ledger's own clock, for everything else. */
  readonly elapsed: number;
}

/**
 * The time of the ledger. It only grows, and it goes on over restarts.
 *
 * While a process runs, its monotonic clock moves it, so a wall clock that is set has no effect. Every write stores it
 * beside the wall clock. A process that starts adds what the wall clock says has passed since then, and never less than
 * nothing. Processes that share the file follow the one that is furthest ahead.
 */
export class LedgerClock {
  readonly #session: SqlSession;
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  #offset: number;
  /** The ledger's time of the last write before this process, if there was one. */
  readonly lastWrite: number | undefined;

  constructor(session: SqlSession, clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#session = session;
    this.#clock = clock;
    const stored = session.get<{ ledger_ms: number; wall_ms: number }>('SELECT ledger_ms, wall_ms FROM clock');
    const wall = Math.floor(clock.now());
    this.lastWrite = stored?.ledger_ms;
    this.#offset = (stored ? stored.ledger_ms + Math.max(0, wall - stored.wall_ms) : wall) - clock.monotonic();
  }

  /** The ledger's time as far as this process knows it. */
  elapsed(): number {
    return Math.floor(this.#offset + this.#clock.monotonic());
  }

  /** The moment inside a transaction, in which no other process writes. */
  moment(): Moment {
    let elapsed = this.elapsed();
    const stored = this.#session.get<{ ledger_ms: number }>('SELECT ledger_ms FROM clock')?.ledger_ms ?? elapsed;
    if (stored > elapsed) {
      this.#offset += stored - elapsed;
      elapsed = stored;
    }
    return { now: Math.floor(this.#clock.now()), elapsed };
  }

  /** Stores the moment of a write, in the transaction of that write. */
  store({ now, elapsed }: Moment): void {
    this.#session.run(
      `INSERT INTO clock (id, ledger_ms, wall_ms) VALUES (1, ?, ?)
       ON CONFLICT (id) DO UPDATE SET ledger_ms = excluded.ledger_ms, wall_ms = excluded.wall_ms`,
      elapsed,
      now,
    );
  }
}
