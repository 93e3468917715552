import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Clock } from './clock.js';
import {
  DEFAULT_INSTANCE,
  IDENTITY_VERIFY_CLOCK,
  IDENTITY_VERIFY_LEDGER,
  IDENTITY_VERIFY_NAME,
  IDENTITY_VERIFY_OPTIONS,
  IDENTITY_VERIFY_TRANSPORT,
} from './identity-verify.tokens.js';
import type { Identity } from './identity/identity.check.js';
import { LedgerKeys, type Pepper } from './ledger/ledger.keys.js';
import type { Ledger } from './ledger/ledger.port.js';
import { DEFAULTS, isLoopback } from './options/options.defaults.js';
import type { IdentityVerifyOptions } from './options/options.types.js';
import { SealedOptions } from './options/sealed.options.js';
import { CallLimiter } from './upstream/call.limiter.js';
import { CircuitBreaker, type CircuitState } from './upstream/circuit.breaker.js';
import { CodeTable } from './upstream/code.table.js';
import { CredentialSource } from './upstream/credentials.js';
import { ReplyDecoder } from './upstream/reply.decoder.js';
import { RetryPolicy } from './upstream/retry.policy.js';
import type { UpstreamTransport } from './upstream/transport.port.js';
import { UpstreamClient } from './upstream/upstream.client.js';
import { VerificationEngine } from './verification.engine.js';
import type { Spending, Verification, VerifyOptions } from './verification.types.js';

/** How long a shutdown waits for calls under way, in milliseconds, beyond their own deadline. */
const DRAIN_MARGIN_MS = 500;

/** Asks whether a name, an ID number and a mobile belong to one person. */
@Injectable()
export class IdentityVerifyService implements OnApplicationShutdown {
  readonly #engine: VerificationEngine;
  readonly #options: IdentityVerifyOptions;
  readonly #transport: UpstreamTransport;
  readonly #breaker: CircuitBreaker;

  constructor(
    @Inject(IDENTITY_VERIFY_OPTIONS) sealed: SealedOptions,
    @Inject(IDENTITY_VERIFY_TRANSPORT) transport: UpstreamTransport,
    @Inject(IDENTITY_VERIFY_LEDGER) ledger: Ledger,
    @Inject(IDENTITY_VERIFY_CLOCK) clock: Clock,
    @Inject(IDENTITY_VERIFY_NAME) name: string,
  ) {
    const logger = new Logger(name === DEFAULT_INSTANCE ? 'IdentityVerify' : `IdentityVerify:${name}`);
    const options = sealed.open();
    const { random = Math.random, deadlineMs = DEFAULTS.deadlineMs } = options;
    const baseUrl = options.baseUrl ?? DEFAULTS.baseUrl;
    this.#breaker = new CircuitBreaker(clock, options.breaker);
    const client = new UpstreamClient({
      baseUrl,
      transport,
      clock,
      decoder: new ReplyDecoder({
        codes: new CodeTable(options.codes),
        ...(options.replyContentTypes && { replyContentTypes: options.replyContentTypes }),
      }),
      breaker: this.#breaker,
      limiter: new CallLimiter(clock, options.limiter),
      retry: new RetryPolicy(random, options.retry),
      attemptTimeoutMs: options.attemptTimeoutMs ?? Math.min(DEFAULTS.attemptTimeoutMs, deadlineMs),
    });
    const credentials = new CredentialSource(options.credentials);
    this.#options = options;
    this.#transport = transport;
    this.#engine = new VerificationEngine({
      scope: name,
      options: { ...options, clock },
      keys: new LedgerKeys(peppers(options.pepper, logger)),
      ledger,
      ask: (identity, signals) => client.ask(identity, credentials, signals),
      allowTestMobiles: options.upstreamIsMock ?? isLoopback(new URL(baseUrl).hostname),
      onSettleFailed: () =>
        logger.warn(
          'The ledger could not be told how a call ended; the question stays in doubt until its lease is over.',
        ),
    });
  }

  /**
   * Asks whether the three belong to one person. The same question is paid for once: from the ledger while its answer
   * is fresh, and together with others that are asking it right now.
   *
   * Costs at most one call. Input that is not well-formed costs nothing.
   *
   * @throws {IdentityVerifyError} whenever there is no answer; an answer, whichever it is, is never thrown
   */
  verify(identity: Identity, how?: VerifyOptions): Promise<Verification> {
    return this.#engine.verify(identity, how);
  }

  /**
   * Erases what is kept for a person. Calls that were spent stay counted: they hold no person.
   *
   * @returns how many entries were erased
   */
  forget(identity: Identity): Promise<number> {
    return this.#engine.forget(identity);
  }

  /** What was spent today and this month (Asia/Shanghai), and what is left of the budget. Costs nothing. */
  async spent(): Promise<{ readonly today: Spending; readonly thisMonth: Spending }> {
    const { callsToday, callsThisMonth } = await this.#engine.spent();
    const { callsPerDay, callsPerMonth } = this.#options.budget ?? {};
    return { today: this.#spending(callsToday, callsPerDay), thisMonth: this.#spending(callsThisMonth, callsPerMonth) };
  }

  /** Whether calls are let through: `open` while the upstream is left alone, `half_open` while one call probes it. */
  get circuit(): CircuitState {
    return this.#breaker.state;
  }

  /** Refuses new questions, waits for those under way, and closes the connections that this module opened. */
  async onApplicationShutdown(): Promise<void> {
    await this.#engine.close((this.#options.deadlineMs ?? DEFAULTS.deadlineMs) + DRAIN_MARGIN_MS);
    if (!this.#options.transport) this.#transport.close?.();
  }

  #spending(calls: number, limit: number | undefined): Spending {
    const fen = calls * (this.#options.budget?.fenPerCall ?? DEFAULTS.fenPerCall);
    return { calls, cny: fen / 100, ...(limit !== undefined && { callsLeft: Math.max(0, limit - calls) }) };
  }
}

function peppers(pepper: IdentityVerifyOptions['pepper'], logger: Logger): readonly Pepper[] {
  if (typeof pepper === 'string') return [{ kid: '1', secret: pepper }];
  if (pepper) return pepper;
  logger.warn(
    'No `pepper` is set: one was made for this process, so other processes and a restart find nothing of it.',
  );
  return [LedgerKeys.ephemeralPepper()];
}
