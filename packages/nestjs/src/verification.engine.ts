import { shanghaiDate, type Clock } from './clock.js';
import {
  identityVerifyError,
  IdentityInputError,
  isIdentityVerifyError,
  unpaid,
} from './errors/identity-verify.error.js';
import { checkIdentity, violation, type Identity } from './identity/identity.check.js';
import { FlightRegistry, type Flight } from './ledger/flight.registry.js';
import { refusalError, withinDeadline } from './ledger/ledger.gate.js';
import { LedgerKeys } from './ledger/ledger.keys.js';
import type {
  Awaitable,
  CallBudget,
  ClaimAnswer,
  ClaimRequest,
  LatchState,
  Ledger,
  LedgerAnswer,
  LedgerSpent,
  Settlement,
} from './ledger/ledger.port.js';
import { QuestionClaim } from './ledger/question.claim.js';
import { SettlementPolicy } from './ledger/settlement.policy.js';
import { QuestionTrace } from './telemetry/question.trace.js';
import type { Telemetry } from './telemetry/telemetry.js';
import { AccountBook, type Account } from './upstream/account.book.js';
import type { CredentialSource } from './upstream/credentials.js';
import type { TenantDirectory } from './upstream/tenant.directory.js';
import type { Decoded } from './upstream/reply.decoder.js';
import type { CallSignals } from './upstream/upstream.client.js';
import type { Verification, VerifyOptions } from './verification.types.js';
import { DEFAULTS } from './options/options.defaults.js';
import type { IdentityVerifyOptions } from './options/options.types.js';
import { isTestMobile } from '@identity-verify/contract';

/** What the engine is made of. */
export interface EngineParts {
  /** Whose budget and latches, for questions without a tenant: the name of the instance. */
  readonly scope: string;
  readonly options: IdentityVerifyOptions;
  readonly clock: Clock;
  readonly keys: LedgerKeys;
  readonly ledger: Ledger;
  /** The accounts of tenants. */
  readonly tenants: TenantDirectory;
  readonly telemetry: Telemetry;
  /** Asks the upstream; never rejects. */
  readonly ask: (identity: Identity, credentials: CredentialSource, signals: CallSignals) => Promise<Decoded>;
  /** Whether reserved test mobiles may be sent. */
  readonly allowTestMobiles: boolean;
  /** Called when the ledger could not be told how a call ended. */
  readonly onSettleFailed: () => void;
}

/** One question on its way. */
interface Question {
  readonly identity: Identity;
  readonly account: Account;
  readonly request: ClaimRequest;
  readonly trace: QuestionTrace;
}

/** The lease of an intent outlives the deadline by this much, so that a slow owner is not taken for a dead one. */
const LEASE_MARGIN_MS = 5_000;
/** How often another process's call is looked after. */
const POLL_MS = 50;

/** The way of a question: identity, ledger, upstream, ledger. Plain TypeScript; the service puts it into Nest. */
export class VerificationEngine {
  readonly #parts: EngineParts;
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  readonly #fenPerCall: number;
  readonly #flights = new FlightRegistry<Verification>();
  readonly #settlements: SettlementPolicy;
  readonly #accounts: AccountBook;
  #closing = false;

  constructor(parts: EngineParts) {
    const { options } = parts;
    this.#parts = parts;
    this.#clock = parts.clock;
    this.#deadlineMs = options.deadlineMs ?? DEFAULTS.deadlineMs;
    this.#fenPerCall = options.budget?.fenPerCall ?? DEFAULTS.fenPerCall;
    this.#settlements = new SettlementPolicy(parts.clock, options);
    const { subjectLimit = DEFAULTS.subjectLimit } = options;
    this.#accounts = new AccountBook({
      scope: parts.scope,
      credentials: options.credentials,
      budget: options.budget,
      tenants: parts.tenants,
      terms: {
        leaseMs: this.#deadlineMs + LEASE_MARGIN_MS,
        doubtMs: this.#settlements.doubtMs,
        subjectLimit: subjectLimit || undefined,
      },
    });
  }

  async verify(input: Identity, how: VerifyOptions = {}): Promise<Verification> {
    const trace = new QuestionTrace(this.#parts.telemetry, how);
    try {
      const verification = await this.#verify(input, how, trace);
      trace.answered(verification, this.#clock.now(), this.#fenPerCall);
      return verification;
    } catch (error) {
      // Nothing else is thrown here; what is, is a defect, and must not look like an answer either.
      if (isIdentityVerifyError(error)) trace.failed(error, this.#clock.now(), this.#fenPerCall);
      else trace.broken();
      throw error;
    }
  }

  async #verify(input: Identity, how: VerifyOptions, trace: QuestionTrace): Promise<Verification> {
    if (this.#closing) throw identityVerifyError('IDV_SHUTTING_DOWN');
    if (how.signal?.aborted) throw identityVerifyError('IDV_ABORTED');
    const identity = this.#checked(input);
    const account =
      how.tenant === undefined ? this.#accounts.own : await this.#accounts.ofTenant(how.tenant, this.#deadlineMs);
    const keys = this.#parts.keys.question(account.terms.scope, identity);
    const key = keys[0] ?? '';
    trace.passed('check');
    const flight = this.#flights.get(key);
    if (flight) {
      return this.#join(flight, how.signal);
    }
    const { maxAgeMs, repeatInDoubt = false } = how;
    const request = new QuestionClaim(account.terms, this.#parts.keys, identity, keys, maxAgeMs, repeatInDoubt);
    const first = this.#claim(request);
    // The short way: an answer in memory needs no flight, no deadline and no timer.
    if (!(first instanceof Promise) && first.verdict === 'hit') {
      trace.claimed(first, account.terms.budget);
      trace.passed('claim');
      return fromLedger(first.answer);
    }
    return this.#flights
      .start(key, (unsent) => trace.within(() => this.#fly({ identity, account, request, trace }, first, unsent)))
      .wait(how.signal, gaveUp);
  }

  /** Waits for a call that another question has caused: whatever it costs, it costs that one. */
  async #join(flight: Flight<Verification>, signal: AbortSignal | undefined): Promise<Verification> {
    try {
      return {
        ...(await flight.wait(signal, () => identityVerifyError('IDV_ABORTED'))),
        source: 'joined',
        billed: 'no',
      };
    } catch (error) {
      throw isIdentityVerifyError(error) ? unpaid(error) : error;
    }
  }

  /** Erases what is kept for a person: every answer for this ID number, and this triple. */
  async forget(input: Identity, tenant?: string): Promise<number> {
    const identity = this.#checked(input);
    const { keys, ledger } = this.#parts;
    const scope = this.#accounts.scopeOf(tenant);
    return this.#ledgerCall(() =>
      ledger.forget({
        scope,
        keys: keys.question(scope, identity),
        idKeys: keys.idNumber(scope, identity.idCard),
        mobileKeys: keys.mobile(scope, identity.mobile),
      }),
    );
  }

  /** What was spent, and the budget it counts against. */
  async spent(tenant?: string): Promise<{ readonly spent: LedgerSpent; readonly budget: CallBudget }> {
    const { own } = this.#accounts;
    const account = tenant === undefined ? own : await this.#accounts.ofTenant(tenant, this.#deadlineMs);
    const { scope, budget } = account.terms;
    return { spent: await this.#ledgerCall(() => this.#parts.ledger.spent(scope)), budget };
  }

  /** The latch that keeps the instance's own door closed, if one does. */
  async latch(): Promise<LatchState | undefined> {
    return this.#ledgerCall(() => this.#parts.ledger.latch(this.#accounts.own.terms.scope));
  }

  /** Reopens the latch of the instance or of a tenant. Answers whether one was closed. */
  async reopen(tenant?: string): Promise<boolean> {
    const { ledger, telemetry } = this.#parts;
    const scope = this.#accounts.scopeOf(tenant);
    const latch = await this.#ledgerCall(() => ledger.latch(scope));
    const reopened = await this.#ledgerCall(() => ledger.reopen?.(scope) ?? false);
    if (reopened || !latch) telemetry.alerts.latchReopened(tenant, latch?.name);
    return reopened;
  }

  /** Refuses new questions, and waits for those under way for at most `drainMs`; then gives up what was not sent. */
  async close(drainMs: number): Promise<void> {
    this.#closing = true;
    if (this.#flights.size === 0) return;
    const { promise, resolve } = deferred();
    const cancelTimer = this.#clock.schedule(resolve, drainMs);
    await Promise.race([this.#flights.settled(), promise]);
    cancelTimer();
    this.#flights.abandonAll();
  }

  #checked(input: Identity): Identity {
    const { acceptedDocuments } = this.#parts.options;
    const today = shanghaiDate(this.#clock.now());
    const checked = checkIdentity(input, { today, ...(acceptedDocuments && { acceptedDocuments }) });
    if (!checked.ok) throw new IdentityInputError('IDV_INPUT_INVALID', checked.violations);
    if (!this.#parts.allowTestMobiles && isTestMobile(checked.identity.mobile)) {
      throw new IdentityInputError('IDV_TEST_IDENTITY_REFUSED', [violation('mobile', 'mobile_reserved')]);
    }
    return checked.identity;
  }

  async #fly(question: Question, first: Awaitable<ClaimAnswer>, unsent: AbortController): Promise<Verification> {
    const { identity, account, request, trace } = question;
    const deadline = new AbortController();
    const cancelDeadline = this.#clock.schedule(() => {
      deadline.abort();
      unsent.abort();
    }, this.#deadlineMs);
    const signals = { deadline: deadline.signal, unsent: unsent.signal };
    try {
      let claim = await first;
      trace.claimed(claim, account.terms.budget);
      while (claim.verdict === 'in_flight') {
        await this.#pause(Math.min(POLL_MS, claim.leaseMs), signals);
        claim = await this.#claim(request);
        if (claim.verdict !== 'in_flight') trace.claimed(claim, account.terms.budget);
      }
      trace.passed('claim');
      if (claim.verdict === 'hit') return fromLedger(claim.answer);
      if (claim.verdict === 'unknown') throw identityVerifyError('IDV_IN_DOUBT', { retryAfterMs: claim.retryAfterMs });
      if (claim.verdict === 'refused') throw refusalError(claim.reason, claim.retryAfterMs);
      const decoded = await this.#parts.ask(identity, account.credentials, signals);
      trace.passed('call');
      await this.#settle(request, decoded);
      trace.passed('settle');
      trace.settled(decoded, claim.probe);
      if (decoded.kind === 'failure') throw decoded.error;
      const { kind: _kind, ...answer } = decoded;
      return { ...answer, source: 'upstream', answeredAt: new Date(this.#clock.now()) };
    } finally {
      cancelDeadline();
    }
  }

  async #settle({ scope, keys: [key = ''], owner }: ClaimRequest, decoded: Decoded): Promise<void> {
    const settlement: Settlement = { scope, key, owner, result: this.#settlements.resultOf(decoded) };
    try {
      await this.#ledgerCall(() => this.#parts.ledger.settle(settlement));
    } catch {
      // The answer is known and paid for: it is worth more than its record. The lease will lapse into "in doubt".
      this.#parts.onSettleFailed();
    }
  }

  #claim(request: ClaimRequest): Awaitable<ClaimAnswer> {
    return this.#ledgerCall(() => this.#parts.ledger.claim(request));
  }

  #ledgerCall<T>(call: () => Awaitable<T>): Awaitable<T> {
    return withinDeadline(this.#clock, this.#parts.options.ledgerTimeoutMs ?? DEFAULTS.ledgerTimeoutMs, call);
  }

  /** Waits before another process's call is looked after again. */
  async #pause(ms: number, { deadline, unsent }: CallSignals): Promise<void> {
    const { promise, resolve } = deferred();
    const cancelTimer = this.#clock.schedule(resolve, ms);
    unsent.addEventListener('abort', resolve, { once: true });
    await promise;
    cancelTimer();
    unsent.removeEventListener('abort', resolve);
    if (deadline.aborted) {
      throw identityVerifyError('IDV_TIMEOUT', {
        detail: "another instance's call was still under way",
        billed: 'no',
        retryable: true,
      });
    }
    if (unsent.aborted) throw identityVerifyError('IDV_ABORTED');
  }
}

/** The call may have been sent already, and goes on. */
const gaveUp = () => identityVerifyError('IDV_ABORTED', { billed: 'unknown' });

function fromLedger({ outcome, code, seqNo, requestId, answeredAt }: LedgerAnswer): Verification {
  return {
    outcome,
    code,
    billed: 'no',
    source: 'ledger',
    answeredAt: new Date(answeredAt),
    ...(seqNo !== undefined && { seqNo }),
    ...(requestId !== undefined && { requestId }),
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
