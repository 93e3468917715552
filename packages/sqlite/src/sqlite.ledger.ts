import {
  type Awaitable,
  type ClaimAnswer,
  type ClaimRequest,
  type ForgetRequest,
  type Grant,
  type LatchState,
  LedgerHolders,
  type LedgerSpent,
  type Settlement,
  type SharedLedger,
} from '@identity-verify/nestjs';
import { ClaimSteps } from './claim.steps.js';
import { LedgerClock, type Moment } from './ledger.clock.js';
import { openLedgerFile } from './ledger.file.js';
import { QuestionRows, type Undo } from './question.rows.js';
import { ScopeRows, type ProbeEnd } from './scope.rows.js';
import type { SqlSession } from './sql.session.js';
import { checkedOptions, type SqliteLedgerOptions } from './sqlite-ledger.options.js';
import { SubjectLinks } from './subject.links.js';
import { WriteLock } from './write.lock.js';

/** What was paid for is not given up as soon: nobody waits for it any longer than `ledgerTimeoutMs`. */
const SETTLE_BUSY_MS = 2_000;

/**
 * The ledger in one SQLite file: answers, doubts, subject windows, latches and spent calls survive a restart and a
 * crash. Several processes of one machine may share the file; one that is on a network file system may not.
 *
 * `claim`, `settle` and `release` are one `BEGIN IMMEDIATE` transaction each, on the thread that calls: with
 * `durability: 'full'` each waits for one fsync. A hit writes nothing.
 */
export class SqliteLedger implements SharedLedger {
  /** The file outlives the process, so keys must be made under a pepper that does so too. */
  readonly shared = true;
  readonly #session: SqlSession;
  readonly #lock: WriteLock;
  readonly #clock: LedgerClock;
  readonly #questions: QuestionRows;
  readonly #links: SubjectLinks;
  readonly #scopes: ScopeRows;
  readonly #claims: ClaimSteps;
  readonly #busyMs: number;
  readonly #holders = new LedgerHolders(() => this.close());

  get kind(): 'sqlite' {
    return 'sqlite';
  }

  /**
   * Opens the file, or creates it, and checks it (`PRAGMA quick_check`). Blocks until that is done.
   *
   * @throws {SqliteLedgerError} when the file cannot be used; the message names the file and what to do
   */
  constructor(options: SqliteLedgerOptions) {
    const { file, durability, busyTimeoutMs, clock } = checkedOptions(options);
    const opened = openLedgerFile(file, durability, (session) => {
      const ledgerClock = new LedgerClock(session, clock);
      resume(session, ledgerClock);
      return ledgerClock;
    });
    this.#session = opened.session;
    this.#clock = opened.result;
    this.#busyMs = busyTimeoutMs;
    this.#lock = new WriteLock(this.#session);
    this.#questions = new QuestionRows(this.#session);
    this.#links = new SubjectLinks(this.#session);
    this.#scopes = new ScopeRows(this.#session);
    this.#claims = new ClaimSteps({
      session: this.#session,
      clock: this.#clock,
      questions: this.#questions,
      links: this.#links,
      scopes: this.#scopes,
    });
  }

  claim(request: ClaimRequest): Awaitable<ClaimAnswer> {
    // Hits and polls end here, without the lock: what is in the file at this moment is a true answer.
    const early = this.#lock.tryRead(() => this.#claims.known(request, this.#clock.elapsed()));
    return early ?? this.#lock.write(() => this.#claims.decide(request), this.#busyMs);
  }

  settle({ scope, key, owner, result }: Settlement): Awaitable<boolean> {
    return this.#lock.write(() => {
      const held = this.#questions.held(key, owner);
      if (!held) return false;
      const moment = this.#stamp();
      const { elapsed } = moment;
      this.#questions.dropIntent(key);
      this.#scopes.endProbe(scope, owner, probeEndOf(result), elapsed);
      if (result.kind === 'unbilled' || (result.kind === 'answered' && !result.charged)) {
        this.#scopes.refund(scope, held);
      }
      if (result.kind === 'unbilled' && result.latch) {
        this.#scopes.close(scope, result.latch.name, result.latch.ms, elapsed);
      }
      if (!held.forgotten) this.#record(key, result, elapsed);
      this.#links.settle(key, elapsed);
      return true;
    }, SETTLE_BUSY_MS);
  }

  release({ scope, key, owner }: Grant): Awaitable<boolean> {
    return this.#lock.write(() => {
      const held = this.#questions.held(key, owner);
      if (!held) return false;
      const { elapsed } = this.#stamp();
      this.#questions.dropIntent(key);
      this.#scopes.refund(scope, held);
      this.#scopes.endProbe(scope, owner, 'unasked', elapsed);
      if (!held.forgotten) {
        const { mark, replaced } = JSON.parse(held.undo) as Undo;
        this.#links.unmark(mark);
        for (const intent of replaced) this.#questions.restore(intent);
      }
      return true;
    }, SETTLE_BUSY_MS);
  }

  forget({ keys, idKeys, mobileKeys }: ForgetRequest): Awaitable<number> {
    return this.#lock.write(() => {
      this.#stamp();
      const linked = this.#links.forget(idKeys, mobileKeys);
      let { erased } = linked;
      for (const question of new Set([...keys, ...linked.questions])) {
        this.#links.forgetQuestion(question);
        erased += this.#questions.forget(question);
      }
      return erased;
    }, SETTLE_BUSY_MS);
  }

  spent(scope: string): LedgerSpent {
    return this.#lock.read(() => this.#scopes.spent(scope, this.#clock.moment()));
  }

  latch(scope: string): LatchState | undefined {
    return this.#lock.read(() => this.#scopes.latch(scope, this.#clock.moment()));
  }

  reopen(scope: string): Awaitable<boolean> {
    return this.#lock.write(() => this.#scopes.reopen(scope), SETTLE_BUSY_MS);
  }

  scopes(): readonly string[] {
    return this.#lock.read(() => this.#scopes.names());
  }

  /** Keeps the file open until the returned function is called. Each instance of the module holds its ledger. */
  hold(): () => Promise<void> {
    return this.#holders.hold();
  }

  /** Nest calls it when the application stops: {@link close}, after the last instance that uses the ledger has drained. */
  onApplicationShutdown(): Promise<void> {
    return this.#holders.end();
  }

  /**
   * Writes the log back into the file and closes it at once; later calls throw. Nest closes a ledger of a module by
   * itself. Outside of it, close the ledger after its last call: a call that is settled later is in doubt after a
   * restart. A process that ends without it loses nothing.
   */
  close(): void {
    try {
      void this.#lock.write(() => this.#stamp(), 0);
      this.#session.exec('PRAGMA incremental_vacuum');
      this.#session.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // Busy, or closed before: what is in the log stays there until the next start.
    }
    this.#lock.close();
    this.#session.close();
  }

  #record(key: string, result: Settlement['result'], elapsed: number): void {
    if (result.kind === 'answered') {
      if (result.ttlMs > 0) this.#questions.keep(key, result.answer, result.ttlMs, elapsed);
    } else if (result.kind === 'in_doubt') {
      this.#questions.hold({ key, kind: 'in_doubt', until: Math.ceil(elapsed + result.ttlMs) });
    } else if (result.blockMs) {
      this.#questions.hold({ key, kind: 'blocked', until: Math.ceil(elapsed + result.blockMs) });
    }
  }

  /** The moment of this transaction, stored with what it writes. */
  #stamp(): Moment {
    const moment = this.#clock.moment();
    this.#clock.store(moment);
    return moment;
  }
}

/** After a start, in the transaction that opened the file. */
function resume(session: SqlSession, clock: LedgerClock): void {
  const moment = clock.moment();
  clock.store(moment);
  if (clock.lastWrite === undefined) return;
  // Nobody could be told of the doubts of orphaned intents while no process ran.
  new QuestionRows(session).renewDoubts(clock.lastWrite, moment.elapsed);
  new SubjectLinks(session).followIntents();
}

function probeEndOf(result: Settlement['result']): ProbeEnd {
  if (result.kind === 'answered') return 'answered';
  return result.kind === 'unbilled' && result.inconclusive ? 'unasked' : 'failed';
}
