import type { LedgerAnswer } from '@identity-verify/nestjs';
import type { LinkMark } from './subject.links.js';
import type { SqlSession } from './sql.session.js';

/** What an intent has replaced, and the marks it has left, in case nothing is sent. */
export interface Undo {
  readonly replaced: readonly Pick<IntentRow, 'key' | 'kind' | 'until'>[];
  readonly mark: LinkMark;
}

/** A question that is being asked, is in doubt, or is blocked. */
export interface IntentRow {
  readonly key: string;
  readonly kind: 'in_flight' | 'in_doubt' | 'blocked';
  /** The end of the doubt or of the block. */
  readonly until: number;
  readonly owner: string | null;
  readonly lease_until: number | null;
  readonly day: number | null;
  readonly month: number | null;
  readonly undo: string | null;
  readonly forgotten: number;
}

/** An intent that its owner holds. */
export interface HeldIntent extends IntentRow {
  readonly lease_until: number;
  readonly day: number;
  readonly month: number;
  readonly undo: string;
}

interface AnswerRow {
  readonly outcome: LedgerAnswer['outcome'];
  readonly code: string;
  readonly billed: LedgerAnswer['billed'];
  readonly seq_no: string | null;
  readonly request_id: string | null;
  readonly answered_at: number;
  readonly seal: string | null;
}

/** Answers that are kept and questions that are open, by the key of the question. */
export class QuestionRows {
  readonly #session: SqlSession;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  answer(key: string, maxAgeMs: number | undefined, elapsed: number): LedgerAnswer | undefined {
    const row = this.#session.get<AnswerRow>(
      `SELECT outcome, code, billed, seq_no, request_id, answered_at, seal FROM answers
       WHERE key = ? AND expires_at > ? AND kept_at > ?`,
      key,
      elapsed,
      // No age is older than the first moment, which is after -1.
      maxAgeMs === undefined || maxAgeMs === null ? -1 : elapsed - maxAgeMs,
    );
    return row && answerOf(row);
  }

  keep(key: string, answer: LedgerAnswer, ttlMs: number, elapsed: number): void {
    this.#session.run(
      `INSERT OR REPLACE INTO answers
       (key, outcome, code, billed, seq_no, request_id, answered_at, seal, kept_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      key,
      answer.outcome,
      answer.code,
      answer.billed,
      answer.seqNo ?? null,
      answer.requestId ?? null,
      Math.floor(answer.answeredAt),
      answer.seal ?? null,
      elapsed,
      Math.ceil(elapsed + ttlMs),
    );
  }

  intent(key: string): IntentRow | undefined {
    return this.#session.get<IntentRow>(
      `SELECT key, kind, until, owner, lease_until, day, month, undo, forgotten FROM intents WHERE key = ?`,
      key,
    );
  }

  /** The intent, if the owner still holds it. */
  held(key: string, owner: string): HeldIntent | undefined {
    const row = this.intent(key);
    return row?.kind === 'in_flight' && row.owner === owner ? (row as HeldIntent) : undefined;
  }

  open(intent: Omit<HeldIntent, 'kind' | 'forgotten' | 'undo'> & { readonly undo: Undo }): void {
    this.#session.run(
      `INSERT OR REPLACE INTO intents (key, kind, until, owner, lease_until, day, month, undo)
       VALUES (?, 'in_flight', ?, ?, ?, ?, ?, ?)`,
      intent.key,
      intent.until,
      intent.owner,
      intent.lease_until,
      intent.day,
      intent.month,
      JSON.stringify(intent.undo),
    );
  }

  /** Marks a question as in doubt, or as blocked. */
  hold({ key, kind, until }: Pick<IntentRow, 'key' | 'kind' | 'until'>): void {
    this.#session.run('INSERT OR REPLACE INTO intents (key, kind, until) VALUES (?, ?, ?)', key, kind, until);
  }

  /** Holds a question again, unless somebody without the new pepper has claimed it under its older key meanwhile. */
  restore({ key, kind, until }: Pick<IntentRow, 'key' | 'kind' | 'until'>): void {
    this.#session.run('INSERT OR IGNORE INTO intents (key, kind, until) VALUES (?, ?, ?)', key, kind, until);
  }

  dropIntent(key: string): void {
    this.#session.run('DELETE FROM intents WHERE key = ?', key);
  }

  /** Erases what is kept of a question; a call under way still has to be accounted for, and its answer is not kept. */
  forget(key: string): number {
    this.#session.run("UPDATE intents SET forgotten = 1, undo = '' WHERE key = ? AND kind = 'in_flight'", key);
    return (
      this.#session.run('DELETE FROM answers WHERE key = ?', key) +
      this.#session.run("DELETE FROM intents WHERE key = ? AND kind <> 'in_flight'", key)
    );
  }

  /** Lets the doubt of orphaned intents begin now, where it had not ended at `lastWrite`. */
  renewDoubts(lastWrite: number, elapsed: number): void {
    this.#session.run(
      `UPDATE intents SET until = max(until, ?1 + until - lease_until)
       WHERE kind = 'in_flight' AND until > ?2`,
      elapsed,
      lastWrite,
    );
  }

  /** Deletes a few rows that are over. Answers how many. */
  sweep(elapsed: number, limit: number): number {
    return (
      this.#session.run(
        'DELETE FROM answers WHERE key IN (SELECT key FROM answers WHERE expires_at <= ? LIMIT ?)',
        elapsed,
        limit,
      ) +
      this.#session.run(
        'DELETE FROM intents WHERE key IN (SELECT key FROM intents WHERE until <= ? LIMIT ?)',
        elapsed,
        limit,
      )
    );
  }
}

function answerOf(row: AnswerRow): LedgerAnswer {
  return {
    outcome: row.outcome,
    code: row.code,
    billed: row.billed,
    ...(row.seq_no !== null && { seqNo: row.seq_no }),
    ...(row.request_id !== null && { requestId: row.request_id }),
    answeredAt: row.answered_at,
    ...(row.seal !== null && { seal: row.seal }),
  };
}
