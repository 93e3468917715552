import type { Clock } from '../support/clock.js';
import { deferred } from '../support/deferred.js';
import { isThenable } from '../support/thenable.js';
import { heldBackFor, identityVerifyError } from '../errors/identity-verify.error.js';
import type { Identity } from '../identity/identity.check.js';
import { refusalError } from '../ledger/ledger.errors.js';
import { grantOf, type LedgerFront } from '../ledger/ledger.gate.js';
import type { ClaimAnswer, ClaimRequest, LedgerAnswer, Settlement } from '../ledger/ledger.port.js';
import type { WriteBack } from '../ledger/write.back.js';
import type { Account } from '../accounts/account.book.js';
import type { CredentialSource } from '../accounts/credentials.js';
import type { AttemptEnd, CallSignals } from '../upstream/call.signals.js';
import { gaveUpUnsent, type CallEnd } from '../upstream/upstream.client.js';
import type { Flight } from './flight.registry.js';
import type { QuestionTrace } from './question.trace.js';
import { holdOf, type SettlementPolicy } from './settlement.policy.js';
import type { Verification } from './verification.types.js';
import type { Writable } from '../support/writable.types.js';

/** The collaborators of {@link QuestionAsker}. */
export interface AskerParts {
  readonly clock: Clock;
  readonly ledger: LedgerFront;
  readonly settlements: SettlementPolicy;
  /** Asks the upstream; never rejects. */
  readonly ask: (identity: Identity, credentials: CredentialSource, signals: CallSignals) => Promise<CallEnd>;
  /** Writes the ends of calls that could not be written to the ledger at once. */
  readonly writeBack: WriteBack;
}

/** One question under way. */
export interface Question {
  readonly identity: Identity;
  readonly account: Account;
  readonly request: ClaimRequest;
  readonly trace: QuestionTrace;
  /** Its deadline, in monotonic milliseconds. */
  readonly endsAt: number;
  /** Whether a byte of it may have reached the upstream. */
  sent: boolean;
}

// Intervals at which the ledger is polled while another process asks the question; they double.
const FIRST_POLL_MS = 20;
const LONGEST_POLL_MS = 250;

/** Claims one question, asks it, and settles it. */
export class QuestionAsker {
  readonly #parts: AskerParts;
  readonly #settling = new Set<Promise<void>>();

  constructor(parts: AskerParts) {
    this.#parts = parts;
  }

  /** Whether no settlement is under way. */
  get isSettled(): boolean {
    return this.#settling.size === 0;
  }

  /** Resolves when every settlement under way has been written or has failed. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#settling);
  }

  /**
   * Asks the question as a flight, and stops the flight at the question's deadline. Costs at most one call.
   *
   * @throws {IdentityVerifyError} when there is no answer
   */
  async ask(question: Question, flight: Flight<Verification>): Promise<Verification> {
    const { clock, ask, settlements } = this.#parts;
    const { identity, account, trace } = question;
    let isLate = false;
    let onLate: (() => void) | undefined;
    const cancelDeadline = clock.schedule(() => {
      isLate = true;
      flight.stop('deadline');
      onLate?.();
    }, question.endsAt - clock.monotonic());
    const onSend = () => {
      question.sent = true;
      trace.sending();
    };
    const { deadline, unsent } = flight.signals;
    const signals = {
      deadline,
      unsent,
      endsAt: question.endsAt,
      onSend,
      onAttempt: (end: AttemptEnd) => trace.attempted(end),
    };
    try {
      // Awaited only where there is something to wait for, here and below: a ledger in memory answers at once.
      const claimed = this.#claim(question);
      let claim = isThenable(claimed) ? await claimed : claimed;
      trace.claimed(claim, account.terms.budget);
      if (claim.verdict === 'in_flight') claim = await this.#poll(question, claim, signals);
      trace.passed('claim');
      if (claim.verdict === 'hit') return fromLedger(claim.answer);
      if (claim.verdict === 'unknown') throw identityVerifyError('IDV_IN_DOUBT', { retryAfterMs: claim.retryAfterMs });
      if (claim.verdict === 'refused') throw refusalError(claim.reason, claim.retryAfterMs);
      if (claim.verdict !== 'granted') throw identityVerifyError('IDV_LEDGER_UNAVAILABLE');
      const { decoded, sent, health } = await ask(identity, account.credentials, signals);
      trace.passed('call');
      const result = sent ? settlements.resultOf(decoded, health) : undefined;
      const settling = this.#settle(question.request, result);
      // The deadline limits the wait only: the settlement is still written.
      if (settling && !isLate) await Promise.race([settling, new Promise<void>((resolve) => (onLate = resolve))]);
      trace.passed('settle');
      trace.settled(decoded, claim.probe);
      if (decoded.kind === 'failure') throw heldBackFor(decoded.error, holdOf(result));
      return verificationOf(decoded, decoded.billed, 'upstream', clock.now());
    } finally {
      cancelDeadline();
    }
  }

  #claim({ request, endsAt }: Question): ClaimAnswer | Promise<ClaimAnswer> {
    const { clock, ledger, writeBack } = this.#parts;
    return ledger.claim(request, endsAt - clock.monotonic(), () => writeBack.giveBack(request));
  }

  /** Claims the question again and again while another process holds the intent. */
  async #poll(question: Question, first: ClaimAnswer, signals: CallSignals): Promise<ClaimAnswer> {
    let claim = first;
    for (let waitMs = FIRST_POLL_MS; claim.verdict === 'in_flight'; waitMs = Math.min(2 * waitMs, LONGEST_POLL_MS)) {
      await this.#pause(Math.min(waitMs, claim.leaseMs), signals);
      claim = await this.#claim(question);
    }
    question.trace.claimed(claim, question.account.terms.budget);
    return claim;
  }

  /**
   * Settles the grant, or releases it if nothing was sent. Never rejects. Returns no promise if the ledger has recorded the
   * end at once.
   */
  #settle(request: ClaimRequest, result: Settlement['result'] | undefined): Promise<void> | undefined {
    const { ledger, writeBack } = this.#parts;
    const grant = grantOf(request);
    const { scope, key, owner } = grant;
    const end = result ? { scope, key, owner, result } : grant;
    // The answer is paid for, so it is returned even if it cannot be recorded yet.
    const unwritten = () => writeBack.keep(request, end);
    let written: boolean | Promise<boolean>;
    try {
      written = 'result' in end ? ledger.settle(end) : ledger.release(end);
    } catch {
      unwritten();
      return undefined;
    }
    if (typeof written === 'boolean') return undefined;
    const ended = written.then(() => undefined, unwritten);
    this.#settling.add(ended);
    void ended.finally(() => this.#settling.delete(ended));
    return ended;
  }

  /** Waits between two polls. */
  async #pause(ms: number, { unsent }: CallSignals): Promise<void> {
    const { promise, resolve } = deferred();
    const cancelTimer = this.#parts.clock.schedule(resolve, ms);
    unsent.onStop(resolve);
    if (unsent.isStopped) resolve();
    await promise;
    cancelTimer();
    unsent.offStop(resolve);
    if (unsent.isStopped) throw gaveUpUnsent(unsent, 'the call of another process was still under way');
  }
}

/** Makes a verification from an answer of the ledger, which costs this question nothing. */
export function fromLedger(answer: LedgerAnswer): Verification {
  return verificationOf(answer, 'no', 'ledger', answer.answeredAt);
}

function verificationOf(
  { outcome, code, seqNo, requestId }: Pick<LedgerAnswer, 'outcome' | 'code' | 'seqNo' | 'requestId'>,
  billed: Verification['billed'],
  source: Verification['source'],
  answeredAt: number,
): Verification {
  const verification: Writable<Verification> = { outcome, code, billed, source, answeredAt: new Date(answeredAt) };
  // Assigned: conditional spreads cost more than the rest of this object.
  if (seqNo !== undefined) verification.seqNo = seqNo;
  if (requestId !== undefined) verification.requestId = requestId;
  return verification;
}
