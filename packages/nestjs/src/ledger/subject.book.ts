import type { ClaimRequest } from './ledger.port.js';

/** One question about two subjects: an ID number and a mobile. */
interface Link {
  readonly question: string;
  readonly subjects: readonly [idKey: string, mobileKey: string];
  /** Time of the last claim, in monotonic milliseconds; undefined if no limit counts it. */
  askedAt: number | undefined;
  windowMs: number;
}

/** The part of a claim that names the question and its two subjects, under all peppers. */
export type ClaimedSubjects = Pick<ClaimRequest, 'keys' | 'idKeys' | 'mobileKeys'>;

/** The change that a grant made, for a release to undo. */
export interface SubjectMark {
  readonly link: Link;
  readonly isNew: boolean;
  /** The links of the question before the change, including the one above if it existed. */
  readonly before: readonly (readonly [link: Link, askedAt: number | undefined, windowMs: number])[];
}

/**
 * Number of links checked for each question, so that expired windows are removed without a timer. A question adds two, one
 * for each subject. Links and not subjects: one subject can have as many links as the ledger has entries.
 */
const LOOKS = 3;
const LOOKS_WHEN_FULL = 64;

/**
 * The questions asked about each ID number and each mobile. They count against the subject limit during its window, and
 * stay linked for `forget` while the ledger holds an entry of the question.
 *
 * An active window is never dropped to make room: that would give a guesser new tries.
 */
export class SubjectBook {
  readonly #subjects = new Map<string, Map<string, Link>>();
  readonly #capacity: number;
  readonly #holds: (question: string) => boolean;
  #hand: Iterator<Link> | undefined;

  /**
   * @param capacity maximum number of subjects
   * @param holds returns whether the ledger holds an answer or an intent of a question
   */
  constructor(capacity: number, holds: (question: string) => boolean) {
    this.#capacity = capacity;
    this.#holds = holds;
  }

  /**
   * Returns how long the question must wait, in milliseconds; 0 if it may be asked. A question already asked within the
   * window may be asked again. Checks the keys of all peppers.
   */
  waitFor(
    subjects: readonly string[],
    questions: readonly string[],
    limit: number,
    windowMs: number,
    elapsed: number,
  ): number {
    let asked = 0;
    let oldest = elapsed;
    for (const subject of subjects) {
      for (const { question, askedAt } of this.#subjects.get(subject)?.values() ?? []) {
        if (askedAt === undefined || elapsed - askedAt >= windowMs) continue;
        if (questions.includes(question)) return 0;
        asked += 1;
        oldest = Math.min(oldest, askedAt);
      }
    }
    return asked < limit ? 0 : Math.max(1, oldest + windowMs - elapsed);
  }

  /** Returns whether the claim's subjects fit. Drops expired links, and never active ones. */
  hasRoomFor({ idKeys, mobileKeys }: Omit<ClaimedSubjects, 'keys'>, elapsed: number): boolean {
    if (this.#subjects.size + 2 <= this.#capacity) return true;
    this.#sweep(LOOKS_WHEN_FULL, elapsed);
    const added = [idKeys[0], mobileKeys[0]].filter((key) => key !== undefined && !this.#subjects.has(key)).length;
    return this.#subjects.size + added <= this.#capacity;
  }

  /** Marks the question as asked, under the first of its keys. `windowMs: undefined` links it without counting it. */
  mark({ keys, idKeys, mobileKeys }: ClaimedSubjects, windowMs: number | undefined, elapsed: number): SubjectMark {
    this.#sweep(LOOKS, elapsed);
    const [question = ''] = keys;
    const links = this.#linksOf(idKeys, keys);
    const known = links.find((link) => link.question === question);
    const before = links.map((link) => [link, link.askedAt, link.windowMs] as const);
    const subjects = [idKeys[0] ?? '', mobileKeys[0] ?? ''] as const;
    const link = known ?? { question, subjects, askedAt: undefined, windowMs: 0 };
    if (windowMs !== undefined) {
      // Counts one question once, even if it was asked under another pepper before.
      for (const other of links) other.askedAt = undefined;
      link.askedAt = elapsed;
      link.windowMs = windowMs;
    }
    if (!known) {
      for (const subject of subjects) {
        const linked = this.#subjects.get(subject) ?? new Map<string, Link>();
        this.#subjects.set(subject, linked.set(question, link));
      }
    }
    return { link, isNew: !known, before };
  }

  /** Undoes a mark, when nothing was sent. */
  unmark({ link, isNew, before }: SubjectMark): void {
    for (const [other, askedAt, windowMs] of before) Object.assign(other, { askedAt, windowMs });
    if (isNew) this.#unlink(link);
  }

  /**
   * Called when the ledger holds nothing of the question any more. Removes its link, unless a window still counts it.
   */
  dropped(question: string, subjects: readonly string[], elapsed: number): void {
    for (const subject of subjects) {
      const link = this.#subjects.get(subject)?.get(question);
      if (link && !isCounted(link, elapsed)) this.#unlink(link);
    }
  }

  /**
   * Erases subjects, and the links of their questions to other subjects. Returns the questions, and the number of
   * erased links.
   */
  forget(subjects: readonly string[]): { readonly questions: string[]; readonly erased: number } {
    // A question is linked from both of its subjects, and counts once.
    const links = new Set(subjects.flatMap((subject) => [...(this.#subjects.get(subject)?.values() ?? [])]));
    for (const link of links) this.#unlink(link);
    return { questions: Array.from(links, ({ question }) => question), erased: links.size };
  }

  /** Erases the links of questions. */
  forgetQuestions(questions: ReadonlySet<string>, subjectsOf: (question: string) => readonly string[]): void {
    for (const question of questions) {
      for (const subject of subjectsOf(question)) {
        const link = this.#subjects.get(subject)?.get(question);
        if (link) this.#unlink(link);
      }
    }
  }

  #linksOf(idKeys: readonly string[], questions: readonly string[]): Link[] {
    const links: Link[] = [];
    for (const subject of idKeys) {
      const linked = this.#subjects.get(subject);
      if (!linked) continue;
      for (const question of questions) {
        const link = linked.get(question);
        if (link) links.push(link);
      }
    }
    return links;
  }

  #unlink(link: Link): void {
    for (const subject of link.subjects) {
      const links = this.#subjects.get(subject);
      if (links?.get(link.question) !== link) continue;
      links.delete(link.question);
      if (links.size === 0) this.#subjects.delete(subject);
    }
  }

  /**
   * Checks the next few links in rotation, and drops those that no window counts and whose question the ledger does not
   * hold.
   */
  #sweep(looks: number, elapsed: number): void {
    for (let i = 0; i < looks; i++) {
      this.#hand ??= this.#links();
      const { done, value: link } = this.#hand.next();
      if (done) {
        this.#hand = undefined;
        return;
      }
      if (!isCounted(link, elapsed) && !this.#holds(link.question)) this.#unlink(link);
    }
  }

  *#links(): Generator<Link, undefined> {
    for (const links of this.#subjects.values()) yield* links.values();
  }
}

function isCounted({ askedAt, windowMs }: Link, elapsed: number): boolean {
  return askedAt !== undefined && elapsed - askedAt < windowMs;
}
