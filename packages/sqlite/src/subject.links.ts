import type { ClaimRequest } from '@identity-verify/nestjs';
import type { SqlSession } from './sql.session.js';

/** One question about two subjects: an ID number and a mobile. */
interface LinkRow {
  readonly question: string;
  readonly id_key: string;
  /** When it was last asked; null where no limit counts it. */
  readonly asked_at: number | null;
  readonly window_ms: number;
  readonly keep_until: number;
}

/** A mark that a grant has left, so that it can be taken back. */
export interface LinkMark {
  readonly question: string;
  readonly idKey: string;
  readonly isNew: boolean;
  /** The links of the question as they were. */
  readonly before: readonly LinkRow[];
}

/** The part of a claim that names the question and its subjects, under every pepper. */
export type ClaimedSubjects = Pick<ClaimRequest, 'keys' | 'idKeys' | 'mobileKeys'>;

const COLUMN = { id: 'id_key', mobile: 'mobile_key' } as const;

/**
 * The questions that were asked about each ID number and each mobile: counted for the subject limit while their window
 * lasts, and linked for `forget` as long as the file holds anything of the question (`keep_until`).
 */
export class SubjectLinks {
  readonly #session: SqlSession;

  constructor(session: SqlSession) {
    this.#session = session;
  }

  /**
   * How long the question must wait, in milliseconds; 0 when it may be asked. One that was asked in the window may be
   * asked again. Looks under the keys of every pepper.
   */
  waitFor(
    kind: keyof typeof COLUMN,
    subjects: readonly string[],
    questions: readonly string[],
    limit: number,
    windowMs: number,
    elapsed: number,
  ): number {
    let asked = 0;
    let oldest = elapsed;
    for (const subject of subjects) {
      const rows = this.#session.all<{ question: string; asked_at: number }>(
        `SELECT question, asked_at FROM links WHERE ${COLUMN[kind]} = ? AND asked_at > ?`,
        subject,
        elapsed - windowMs,
      );
      for (const { question, asked_at: askedAt } of rows) {
        if (questions.includes(question)) return 0;
        asked += 1;
        oldest = Math.min(oldest, askedAt);
      }
    }
    return asked < limit ? 0 : Math.max(1, oldest + windowMs - elapsed);
  }

  /** Marks the question as asked under the first of its keys. `windowMs: undefined` only links it. */
  mark(
    { keys, idKeys, mobileKeys }: ClaimedSubjects,
    windowMs: number | undefined,
    elapsed: number,
    heldUntil: number,
  ): LinkMark {
    const [question = ''] = keys;
    const before = keys.flatMap((key) => this.#linksOf(key)).filter(({ id_key: idKey }) => idKeys.includes(idKey));
    const known = before.find((link) => link.question === question);
    const idKey = known?.id_key ?? idKeys[0] ?? '';
    if (windowMs !== undefined) {
      // One question counts once, also when it was asked under another pepper before.
      for (const link of before) {
        if (link !== known) this.#restore({ ...link, asked_at: null });
      }
    }
    const counted =
      windowMs === undefined
        ? { askedAt: known?.asked_at ?? null, windowMs: known?.window_ms ?? 0 }
        : { askedAt: elapsed, windowMs };
    this.#session.run(
      `INSERT INTO links (question, id_key, mobile_key, asked_at, window_ms, keep_until) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (question, id_key) DO UPDATE
       SET asked_at = excluded.asked_at, window_ms = excluded.window_ms,
           keep_until = max(keep_until, excluded.keep_until)`,
      question,
      idKey,
      mobileKeys[0] ?? '',
      counted.askedAt,
      counted.windowMs,
      Math.max(heldUntil, (counted.askedAt ?? 0) + counted.windowMs),
    );
    return { question, idKey, isNew: !known, before };
  }

  /** Takes a mark back: nothing was sent. */
  unmark({ question, idKey, isNew, before }: LinkMark): void {
    for (const link of before) this.#restore(link);
    if (isNew) this.#session.run('DELETE FROM links WHERE question = ? AND id_key = ?', question, idKey);
  }

  /** Keeps the links of a question for as long as anything of it is held, and drops those that lead nowhere. */
  settle(question: string, elapsed: number): void {
    this.#session.run(
      `UPDATE links SET keep_until = max(
         coalesce(asked_at + window_ms, 0),
         coalesce((SELECT expires_at FROM answers WHERE key = question), 0),
         coalesce((SELECT until FROM intents WHERE key = question), 0))
       WHERE question = ?`,
      question,
    );
    this.#session.run('DELETE FROM links WHERE question = ? AND keep_until <= ?', question, elapsed);
  }

  /** Erases subjects with the links of their questions. Answers the questions, and how many links were erased. */
  forget(
    idKeys: readonly string[],
    mobileKeys: readonly string[],
  ): { readonly questions: string[]; readonly erased: number } {
    const questions: string[] = [];
    const subjects = [
      ...idKeys.map((key) => [COLUMN.id, key] as const),
      ...mobileKeys.map((key) => [COLUMN.mobile, key] as const),
    ];
    for (const [column, key] of subjects) {
      const rows = this.#session.all<{ question: string }>(`SELECT question FROM links WHERE ${column} = ?`, key);
      questions.push(...rows.map(({ question }) => question));
      this.#session.run(`DELETE FROM links WHERE ${column} = ?`, key);
    }
    return { questions, erased: questions.length };
  }

  /** Erases the links of a question. */
  forgetQuestion(question: string): void {
    this.#session.run('DELETE FROM links WHERE question = ?', question);
  }

  /** Keeps the links of orphaned intents for as long as those. */
  followIntents(): void {
    this.#session.exec(
      `UPDATE links SET keep_until = max(keep_until, coalesce((SELECT until FROM intents WHERE key = question), 0))
       WHERE question IN (SELECT key FROM intents WHERE kind = 'in_flight')`,
    );
  }

  /** Deletes a few links that are over. Answers how many. */
  sweep(elapsed: number, limit: number): number {
    return this.#session.run(
      `DELETE FROM links WHERE (question, id_key) IN
       (SELECT question, id_key FROM links WHERE keep_until <= ? LIMIT ?)`,
      elapsed,
      limit,
    );
  }

  #linksOf(question: string): LinkRow[] {
    return this.#session
      .all<LinkRow>('SELECT question, id_key, asked_at, window_ms, keep_until FROM links WHERE question = ?', question)
      .map(({ question: key, id_key, asked_at, window_ms, keep_until }) => ({
        question: key,
        id_key,
        asked_at,
        window_ms,
        keep_until,
      }));
  }

  #restore(link: LinkRow): void {
    this.#session.run(
      'UPDATE links SET asked_at = ?, window_ms = ?, keep_until = ? WHERE question = ? AND id_key = ?',
      link.asked_at,
      link.window_ms,
      link.keep_until,
      link.question,
      link.id_key,
    );
  }
}
