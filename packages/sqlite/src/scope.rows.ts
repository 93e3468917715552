import {
  msToNextShanghaiDay,
  msToNextShanghaiMonth,
  shanghaiDay,
  shanghaiMonth,
  type CallBudget,
  type ClaimRefusal,
  type LatchName,
  type LatchState,
  type LedgerSpent,
} from '@identity-verify/nestjs';
import type { Moment } from './ledger.clock.js';
import type { SqlSession } from './sql.session.js';

/** The periods in which a reservation was counted, so that it is given back to the same ones. */
export interface Reservation {
  readonly day: number;
  readonly month: number;
}

/** The end of a latch's probe: an answer opens the latch, a failure closes it again, and `unasked` leaves it to the next. */
export type ProbeEnd = 'answered' | 'failed' | 'unasked';

interface ScopeRow {
  readonly latch: LatchName | null;
  readonly latch_ms: number;
  readonly latch_until: number;
  readonly probe_owner: string | null;
  readonly probe_until: number | null;
}

const DAY_MS = 86_400_000;
/** Longest that such a period is, in milliseconds. */
const LENGTH_MS = { day: DAY_MS, month: 31 * DAY_MS } as const;

/** The budget and the latch of each scope. */
export class ScopeRows {
  readonly #session: SqlSession;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  /** The reason why no further call may be paid for now, if there is one. */
  exhausted(
    { callsPerDay, callsPerMonth }: CallBudget,
    { callsToday, callsThisMonth }: LedgerSpent,
    now: number,
  ): { reason: ClaimRefusal; retryAfterMs: number } | undefined {
    if (callsPerMonth !== undefined && callsThisMonth >= callsPerMonth) {
      return { reason: 'budget_month', retryAfterMs: msToNextShanghaiMonth(now) };
    }
    if (callsPerDay !== undefined && callsToday >= callsPerDay) {
      return { reason: 'budget_day', retryAfterMs: msToNextShanghaiDay(now) };
    }
    return undefined;
  }

  reserve(scope: string, { now, elapsed }: Moment): Reservation {
    const reservation = { day: shanghaiDay(now), month: shanghaiMonth(now) };
    for (const kind of ['day', 'month'] as const) {
      this.#session.run(
        `INSERT INTO spending (scope, kind, period, calls, changed_at) VALUES (?, ?, ?, 1, ?)
         ON CONFLICT (scope, kind, period) DO UPDATE SET calls = calls + 1, changed_at = excluded.changed_at`,
        scope,
        kind,
        reservation[kind],
        elapsed,
      );
    }
    return reservation;
  }

  refund(scope: string, reservation: Reservation): void {
    for (const kind of ['day', 'month'] as const) {
      this.#session.run(
        'UPDATE spending SET calls = calls - 1 WHERE scope = ? AND kind = ? AND period = ?',
        scope,
        kind,
        reservation[kind],
      );
    }
  }

  /**
   * The calls that count against today and this month. After the wall clock was set back, the calls of a period that is
   * now in the future still count until they are one period old: no spent budget opens again.
   */
  spent(scope: string, { now, elapsed }: Moment): LedgerSpent {
    const calls = (kind: keyof typeof LENGTH_MS, period: number) =>
      this.#session.get<{ calls: number }>(
        `SELECT coalesce(sum(calls), 0) AS calls FROM spending
         WHERE scope = ?1 AND kind = ?2 AND (period = ?3 OR (period > ?3 AND changed_at > ?4))`,
        scope,
        kind,
        period,
        elapsed - LENGTH_MS[kind],
      )?.calls ?? 0;
    return { callsToday: calls('day', shanghaiDay(now)), callsThisMonth: calls('month', shanghaiMonth(now)) };
  }

  /** Notes that the scope has claimed. */
  note(scope: string): void {
    this.#session.run('INSERT OR IGNORE INTO scopes (scope) VALUES (?)', scope);
  }

  names(): string[] {
    return this.#session.all<{ scope: string }>('SELECT scope FROM scopes').map(({ scope }) => scope);
  }

  latch(scope: string, { now, elapsed }: Moment): LatchState | undefined {
    const row = this.#closed(scope);
    return row && { name: row.latch, until: now + Math.max(0, row.latch_until - elapsed) };
  }

  /**
   * How long the latch refuses a claim, in milliseconds; 0 when it does not. Once its time has passed, one claim is
   * let through as a probe; the others wait until that claim has ended or its lease is over.
   */
  latchedFor(scope: string, elapsed: number): number {
    const row = this.#closed(scope);
    if (!row) return 0;
    if (elapsed < row.latch_until) return row.latch_until - elapsed;
    return row.probe_until !== null && elapsed < row.probe_until ? row.probe_until - elapsed : 0;
  }

  /** Makes the claim the latch's probe, if there is a latch. */
  startProbe(scope: string, owner: string, until: number): boolean {
    return (
      this.#session.run(
        'UPDATE scopes SET probe_owner = ?, probe_until = ? WHERE scope = ? AND latch IS NOT NULL',
        owner,
        until,
        scope,
      ) > 0
    );
  }

  close(scope: string, name: LatchName, ms: number, elapsed: number): void {
    this.#session.run(
      `INSERT INTO scopes (scope, latch, latch_ms, latch_until) VALUES (?, ?, ?, ?)
       ON CONFLICT (scope) DO UPDATE SET latch = excluded.latch, latch_ms = excluded.latch_ms,
         latch_until = excluded.latch_until, probe_owner = NULL, probe_until = NULL`,
      scope,
      name,
      ms,
      elapsed + ms,
    );
  }

  endProbe(scope: string, owner: string, end: ProbeEnd, elapsed: number): void {
    const row = this.#closed(scope);
    if (row?.probe_owner !== owner) return;
    if (end === 'answered') this.reopen(scope);
    else if (end === 'failed') this.close(scope, row.latch, row.latch_ms, elapsed);
    else this.#session.run('UPDATE scopes SET probe_owner = NULL, probe_until = NULL WHERE scope = ?', scope);
  }

  /** Opens the latch, whoever may be probing it. Answers false when none was closed. */
  reopen(scope: string): boolean {
    return (
      this.#session.run(
        `UPDATE scopes SET latch = NULL, latch_ms = NULL, latch_until = NULL, probe_owner = NULL, probe_until = NULL
         WHERE scope = ? AND latch IS NOT NULL`,
        scope,
      ) > 0
    );
  }

  /** Deletes counts of periods that can count no more. Answers how many. */
  sweep(elapsed: number, limit: number): number {
    return this.#session.run(
      `DELETE FROM spending WHERE (scope, kind, period) IN
       (SELECT scope, kind, period FROM spending WHERE changed_at <= ? LIMIT ?)`,
      elapsed - 2 * LENGTH_MS.month,
      limit,
    );
  }

  #closed(scope: string): (ScopeRow & { readonly latch: LatchName }) | undefined {
    return this.#session.get(
      `SELECT latch, latch_ms, latch_until, probe_owner, probe_until FROM scopes
       WHERE scope = ? AND latch IS NOT NULL`,
      scope,
    );
  }
}
