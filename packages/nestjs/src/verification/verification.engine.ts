import { isTestMobile } from '@identity-verify/contract';
import { shanghaiDate } from '../support/clock.js';
import { Attempts } from '../support/attempts.js';
import { deferred } from '../support/deferred.js';
import { identityVerifyError, IdentityInputError, isIdentityVerifyError } from '../errors/identity-verify.error.js';
import { checkIdentity, violation, type Identity, type IdentityRules } from '../identity/identity.check.js';
import { checkPerson, type Person } from '../identity/person.check.js';
import { joinFlight, orAborted } from './flight.joiner.js';
import { FlightRegistry } from './flight.registry.js';
import { fromLedger, QuestionAsker, type AskerParts, type Question } from './question.asker.js';
import { LedgerKeys } from '../ledger/ledger.keys.js';
import type { CallBudget, LatchState, LedgerSpent } from '../ledger/ledger.port.js';
import { questionClaim } from '../ledger/question.claim.js';
import { QuestionTrace } from './question.trace.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { Account, AccountBook } from '../accounts/account.book.js';
import type { Verification, VerifyOptions } from './verification.types.js';
import { checkVerifyOptions } from './verify-options.check.js';

/** The collaborators of {@link VerificationEngine}. */
export interface EngineParts extends AskerParts {
  readonly keys: LedgerKeys;
  readonly accounts: AccountBook;
  readonly telemetry: Telemetry;
  /** Maximum duration of one question, in milliseconds. */
  readonly deadlineMs: number;
  /** Price of a call in fen, for reporting. */
  readonly fenPerCall: number;
  readonly identityRules: IdentityRules;
  /** Whether reserved test mobiles may be sent. */
  readonly allowTestMobiles: boolean;
}

/** A question that the ledger has no answer to. */
interface Asking extends Pick<Question, 'identity' | 'account' | 'trace' | 'endsAt'> {
  readonly questionKeys: readonly string[];
}

/** Part of a shutdown that is reserved for stopped calls to settle, in milliseconds. */
const CLOSING_GRACE_MS = 200;

/** Verifies questions: identity, ledger, upstream, ledger. Plain TypeScript; the service connects it to Nest. */
export class VerificationEngine {
  readonly #parts: EngineParts;
  readonly #flights = new FlightRegistry<Verification>();
  readonly #asker: QuestionAsker;
  #closing = false;
  #lastAnswerAt: Date | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#asker = new QuestionAsker(parts);
  }

  verify(input: Identity, options?: VerifyOptions): Promise<Verification> {
    try {
      const answer = this.answer(input, options);
      return answer instanceof IdentityInputError ? Promise.reject(answer) : Promise.resolve(answer);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Verifies as `verify` does, and returns no promise if the answer is in memory: to await one would take as long as to
   * find it. Returns the error of refused input, because to throw and to catch one takes as long as to check the input.
   * Throws, instead of rejecting, what else is refused at once.
   */
  answer(input: Identity, options?: VerifyOptions): Verification | Promise<Verification> | IdentityInputError {
    const how = checkVerifyOptions(options);
    const trace = new QuestionTrace(this.#parts.telemetry, how);
    let answer: Verification | Promise<Verification> | IdentityInputError;
    try {
      answer = this.#begin(input, how, trace);
    } catch (error) {
      throw this.#failed(error, trace);
    }
    if (!(answer instanceof Promise)) {
      return answer instanceof IdentityInputError ? this.#failed(answer, trace) : this.#answered(answer, trace);
    }
    return answer.then(
      (verification) => this.#answered(verification, trace),
      (error: unknown) => {
        throw this.#failed(error, trace);
      },
    );
  }

  #answered(verification: Verification, trace: QuestionTrace): Verification {
    if (verification.source === 'upstream') this.#lastAnswerAt = verification.answeredAt;
    trace.answered(verification, this.#parts.clock.now(), this.#parts.fenPerCall);
    return verification;
  }

  #failed<T>(error: T, trace: QuestionTrace): T {
    // Any other error is a defect. It must not look like an answer either.
    if (isIdentityVerifyError(error)) trace.failed(error, this.#parts.clock.now(), this.#parts.fenPerCall);
    else trace.broken();
    return error;
  }

  /** Time of the latest answer of the upstream to this process. */
  get lastAnswerAt(): Date | undefined {
    return this.#lastAnswerAt;
  }

  #begin(
    input: Identity,
    how: VerifyOptions,
    trace: QuestionTrace,
  ): Verification | Promise<Verification> | IdentityInputError {
    const { accounts, clock, deadlineMs } = this.#parts;
    if (this.#closing) throw identityVerifyError('IDV_SHUTTING_DOWN');
    if (how.signal?.aborted) throw identityVerifyError('IDV_ABORTED');
    const endsAt = clock.monotonic() + deadlineMs;
    const identity = this.#checked(input);
    if (identity instanceof IdentityInputError) return identity;
    if (how.tenant === undefined) return this.#lookUp(identity, accounts.own, how, trace, endsAt);
    return this.#accountOf(how.tenant, how.signal).then((account) =>
      this.#lookUp(identity, account, how, trace, endsAt),
    );
  }

  #lookUp(
    identity: Identity,
    account: Account,
    how: VerifyOptions,
    trace: QuestionTrace,
    endsAt: number,
  ): Verification | Promise<Verification> {
    const { keys, ledger } = this.#parts;
    const questionKeys = keys.question(account.terms.scope, identity);
    trace.passed('check');
    // Fast path: an answer in memory needs no claim, flight, deadline or timer.
    const answer = ledger.peek(questionKeys, how.maxAgeMs);
    if (!answer) {
      const asking = { identity, account, trace, endsAt, questionKeys };
      return this.#flights.has(questionKeys[0] ?? '') ? this.#joinOrAsk(asking, how) : this.#ask(asking, how);
    }
    trace.claimed({ verdict: 'hit', answer }, account.terms.budget);
    trace.passed('claim');
    return fromLedger(answer);
  }

  /** Joins the call of an equal question, or else makes one. */
  async #joinOrAsk(asking: Asking, how: VerifyOptions): Promise<Verification> {
    const key = asking.questionKeys[0] ?? '';
    for (let flight = this.#flights.get(key); flight; flight = this.#flights.get(key)) {
      const joined = await joinFlight(flight, how, asking.endsAt, this.#parts.clock);
      if (joined) return joined;
    }
    return this.#ask(asking, how);
  }

  #ask({ identity, account, trace, endsAt, questionKeys }: Asking, how: VerifyOptions): Promise<Verification> {
    if (this.#closing) throw identityVerifyError('IDV_SHUTTING_DOWN');
    const { maxAgeMs, repeatInDoubt = false } = how;
    const request = questionClaim(account.terms, this.#parts.keys, identity, questionKeys, maxAgeMs, repeatInDoubt);
    const question: Question = { identity, account, request, trace, endsAt, sent: false };
    const flight = this.#flights.start(questionKeys[0] ?? '', endsAt, (started) =>
      trace.within(() => this.#asker.ask(question, started)),
    );
    // A sent call continues without its caller. An unsent one that no other caller waits for is not made, and costs
    // nothing.
    const isUnpaid = () => flight.isAbandoned && !question.sent;
    return flight.wait(how.signal, () => identityVerifyError('IDV_ABORTED', { billed: isUnpaid() ? 'no' : 'unknown' }));
  }

  /**
   * Resolves the account of a tenant. Rejects when the caller aborts, without waiting for the application's function.
   */
  async #accountOf(tenant: string, signal: AbortSignal | undefined): Promise<Account> {
    const { accounts, deadlineMs } = this.#parts;
    const resolved = accounts.ofTenant(tenant, deadlineMs);
    const account = await (signal ? orAborted(resolved, signal) : resolved);
    if (this.#closing) throw identityVerifyError('IDV_SHUTTING_DOWN');
    return account;
  }

  /**
   * Erases everything kept for an ID number, a mobile, or both: in one tenant, or in the instance and all its tenants.
   * Tries every scope, and throws afterwards if one of them failed.
   */
  async forget(person: Person, tenant?: string): Promise<number> {
    const { accounts, clock, keys, ledger, writeBack } = this.#parts;
    const known = checkPerson(person, shanghaiDate(clock.now()));
    const own = accounts.scopeOf(tenant);
    const attempts = new Attempts();
    const scopes = new Set([own]);
    if (tenant === undefined) {
      const listed = await attempts.run(() => ledger.scopes());
      for (const scope of [...(listed ?? []), ...writeBack.scopes(), ...ledger.scopesInMemory()])
        if (accounts.isOwnScope(scope)) scopes.add(scope);
    }
    let erased = 0;
    for (const scope of scopes) {
      const request = {
        scope,
        keys: known.identity ? keys.question(scope, known.identity) : [],
        idKeys: known.idCard === undefined ? [] : keys.idNumber(scope, known.idCard),
        mobileKeys: known.mobile === undefined ? [] : keys.mobile(scope, known.mobile),
      };
      writeBack.forget(request);
      erased += (await attempts.run(() => ledger.forget(request))) ?? 0;
    }
    attempts.rethrow();
    return erased;
  }

  /** Returns the spent calls, and the budget that they count against. */
  async spent(tenant?: string): Promise<{ readonly spent: LedgerSpent; readonly budget: CallBudget }> {
    const { accounts, deadlineMs, ledger } = this.#parts;
    const account = tenant === undefined ? accounts.own : await accounts.ofTenant(tenant, deadlineMs);
    const { scope, budget } = account.terms;
    return { spent: await ledger.spent(scope), budget };
  }

  /** Returns the closed latch of the instance's own account, if any. */
  async latch(): Promise<LatchState | undefined> {
    return this.#parts.ledger.latch(this.#parts.accounts.own.terms.scope);
  }

  /** Reopens the latch of the instance or of a tenant. Returns whether it was closed. */
  async reopen(tenant?: string): Promise<boolean> {
    const { accounts, ledger, telemetry } = this.#parts;
    const scope = accounts.scopeOf(tenant);
    const latch = await ledger.latch(scope);
    const reopened = await ledger.reopen(scope);
    if (reopened || !latch) telemetry.alerts.latchReopened(tenant, latch?.name);
    return reopened;
  }

  /**
   * Refuses new questions, and waits for those under way for at most `drainMs`. Stops the remaining ones shortly
   * before: when this resolves, nothing more is sent, and the ledger has recorded what may have been paid for.
   */
  async close(drainMs: number): Promise<void> {
    this.#closing = true;
    const { clock, ledger, writeBack } = this.#parts;
    ledger.stop();
    const endsAt = clock.monotonic() + drainMs;
    const graceMs = Math.min(CLOSING_GRACE_MS, drainMs / 2);
    await this.#settledWithin(drainMs - graceMs);
    this.#flights.stopAll('closing');
    // Half of it is left for what the ledger did not accept before.
    await this.#settledWithin(graceMs / 2);
    await writeBack.close(endsAt - clock.monotonic());
  }

  async #settledWithin(ms: number): Promise<void> {
    if (this.#flights.size === 0 && this.#asker.isSettled) return;
    const { promise, resolve } = deferred();
    const cancelTimer = this.#parts.clock.schedule(resolve, ms);
    await Promise.race([Promise.all([this.#flights.settled(), this.#asker.settled()]), promise]);
    cancelTimer();
  }

  #checked(input: Identity): Identity | IdentityInputError {
    const { identityRules, allowTestMobiles, clock } = this.#parts;
    const today = shanghaiDate(clock.now());
    const checked = checkIdentity(input, { today, ...identityRules });
    if (!checked.ok) return new IdentityInputError('IDV_INPUT_INVALID', checked.violations);
    if (!allowTestMobiles && isTestMobile(checked.identity.mobile)) {
      return new IdentityInputError('IDV_TEST_IDENTITY_REFUSED', [violation('mobile', 'mobile_reserved')]);
    }
    return checked.identity;
  }
}
