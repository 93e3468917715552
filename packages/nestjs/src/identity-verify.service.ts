import { Inject, Injectable, Logger, Optional, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { Clock } from './support/clock.js';
import { IdentityInputError, isIdentityVerifyError } from './errors/identity-verify.error.js';
import type { IdentityVerifyHealth, LatchHealth, Refusing } from './identity-verify.health.types.js';
import {
  DEFAULT_INSTANCE,
  getIdentityVerifyToken,
  IDENTITY_VERIFY_CLOCK,
  IDENTITY_VERIFY_LEDGER,
  IDENTITY_VERIFY_NAME,
  IDENTITY_VERIFY_OPTIONS,
  IDENTITY_VERIFY_TRANSPORT,
} from './identity-verify.tokens.js';
import type { Identity } from './identity/identity.check.js';
import type { Person } from './identity/person.check.js';
import type { Awaitable, CallBudget, Ledger, LedgerSpent } from './ledger/ledger.port.js';
import type { ResolvedOptions } from './options/options.resolver.js';
import { Attempts } from './support/attempts.js';
import { Sealed } from './support/sealed.js';
import { ModuleTransport } from './transport/http-service.transport.js';
import type { CircuitState } from './upstream/circuit.breaker.js';
import type { UpstreamTransport } from './upstream/transport.port.js';
import { assemble, type Assembly } from './verification/verification.assembly.js';
import type { Spending, Verification, VerifyOptions } from './verification/verification.types.js';

/** The method of the service that may answer at once. */
export const ANSWER = Symbol('answer');

/** Verifies that a name, an ID number and a mobile belong to one person. */
@Injectable()
export class IdentityVerifyService implements OnModuleInit, OnApplicationShutdown {
  readonly #assembly: Assembly;
  readonly #options: ResolvedOptions;
  readonly #transport: UpstreamTransport;
  readonly #clock: Clock;
  readonly #name: string;
  readonly #ledgerKind: string;
  readonly #releaseLedger: (() => Awaitable<void>) | undefined;

  constructor(
    @Inject(IDENTITY_VERIFY_OPTIONS) sealed: Sealed<ResolvedOptions>,
    @Inject(IDENTITY_VERIFY_TRANSPORT) transport: UpstreamTransport,
    @Inject(IDENTITY_VERIFY_LEDGER) ledger: Ledger,
    @Inject(IDENTITY_VERIFY_CLOCK) clock: Clock,
    @Inject(IDENTITY_VERIFY_NAME) name: string,
    @Optional() @Inject(ModulesContainer) private readonly modules?: ModulesContainer,
  ) {
    const logger = new Logger(name === DEFAULT_INSTANCE ? 'IdentityVerify' : `IdentityVerify:${name}`);
    this.#options = sealed.open();
    this.#transport = transport;
    this.#clock = clock;
    this.#name = name;
    this.#ledgerKind = kindOf(ledger);
    this.#releaseLedger = ledger.hold?.();
    this.#assembly = assemble({
      name,
      options: this.#options,
      transport,
      ledger,
      clock,
      warn: (message) => {
        try {
          logger.warn(message);
        } catch {
          // The logger belongs to the application. If it throws, no verification fails.
        }
      },
    });
  }

  /** Nest calls it when the application starts. Waits for nothing. */
  onModuleInit(): void {
    const { fenPerCall: _price, ...budget } = this.#options.budget;
    this.#assembly.local?.start(this.#name, budget);
  }

  /**
   * Verifies that the three fields belong to one person. An equal question is paid for once: the ledger keeps the
   * answer for its lifetime, and concurrent questions share one call.
   *
   * Costs at most one call. Input that is not well-formed costs nothing.
   *
   * @throws {IdentityVerifyError} when there is no answer; an answer, whatever its outcome, is never thrown
   */
  verify(identity: Identity, how?: VerifyOptions): Promise<Verification> {
    return this.#assembly.engine.verify(identity, how);
  }

  /** For the guard of this package: as `verify`, and without a promise if the answer is in memory or the input refused. */
  [ANSWER](identity: Identity, how?: VerifyOptions): Verification | Promise<Verification> {
    const answer = this.#assembly.engine.answer(identity, how);
    if (answer instanceof IdentityInputError) throw answer;
    return answer;
  }

  /**
   * Erases everything kept for a person, who is identified by an ID number, a mobile, or both (all three fields are
   * accepted). Without a tenant: from every instance of the application and all their tenants. Spent calls stay
   * counted, because they contain no personal data. Costs nothing.
   *
   * If a ledger fails, everything else is erased all the same, and then this throws: call it again.
   *
   * @param tenant erase from the account of this tenant only
   * @returns the number of erased entries
   * @throws {IdentityInputError} IDV_INPUT_INVALID when no field identifies a person, or one is not well-formed
   * @throws {IdentityVerifyError} IDV_LEDGER_UNAVAILABLE when something may not be erased
   */
  async forget(person: Person, { tenant }: { readonly tenant?: string | undefined } = {}): Promise<number> {
    if (tenant !== undefined) return this.#assembly.engine.forget(person, tenant);
    const attempts = new Attempts();
    let erased = 0;
    for (const { engine } of Array.from(this.#instances(), (service) => service.#assembly)) {
      erased += (await attempts.run(() => engine.forget(person))) ?? 0;
    }
    attempts.rethrow();
    return erased;
  }

  /** Returns the calls spent today and this month (Asia/Shanghai), and the rest of the budget. Costs nothing. */
  async spent({ tenant }: { readonly tenant?: string | undefined } = {}): Promise<{
    readonly today: Spending;
    readonly thisMonth: Spending;
  }> {
    const { spent, budget } = await this.#assembly.engine.spent(tenant);
    return {
      today: this.#spending(spent.callsToday, budget.callsPerDay),
      thisMonth: this.#spending(spent.callsThisMonth, budget.callsPerMonth),
    };
  }

  /**
   * Reopens the latch of the instance or of a tenant, after the account was recharged or corrected. The next question
   * is sent at once. Without it, one call probes the account after the time in `latches`. Costs nothing; is logged and
   * reported.
   *
   * @returns whether the latch was closed
   * @throws {IdentityVerifyError} IDV_TENANT_UNRESOLVED for a value that cannot be the name of a tenant;
   *   IDV_LEDGER_UNAVAILABLE
   */
  reopen({ tenant }: { readonly tenant?: string | undefined } = {}): Promise<boolean> {
    return this.#assembly.engine.reopen(tenant);
  }

  /**
   * Closes the circuit at once, after the upstream was repaired: the next question is sent without waiting for
   * `breaker.openMs`, and earlier failures no longer count. Without it, one call probes the upstream after that time.
   * Concerns this instance in this process only. Costs nothing.
   *
   * @returns whether the circuit was open or half open
   */
  closeCircuit(): boolean {
    return this.#assembly.breaker.reset();
  }

  /** The state of the circuit to the upstream. Costs nothing. */
  get circuit(): CircuitState {
    return this.#assembly.breaker.state;
  }

  /**
   * Returns the health of this instance. Costs nothing, because no call is made. Does not reject if the ledger is down.
   */
  async health(): Promise<IdentityVerifyHealth> {
    const { engine, store, local } = this.#assembly;
    const { lastAnswerAt } = engine;
    const common = { circuit: this.circuit, ...(lastAnswerAt && { lastAnswerAt }) };
    // Read after the look at the ledger, which may change it.
    const stateOf = () => ({
      ...(store && { store: store.state }),
      ledger: { kind: this.#ledgerKind, state: local?.isLocal ? ('local' as const) : (store?.state ?? 'available') },
      ...(local?.isLocal && { degraded: true as const }),
    });
    try {
      // One after the other: a store that hung is asked by one command at a time.
      const { spent, budget } = await engine.spent();
      const state = await engine.latch();
      const latch = state && { ...state, probing: state.until <= this.#clock.now() };
      const refusing = this.#refusing(spent, budget, latch);
      return {
        up: true,
        ...common,
        ...stateOf(),
        spent,
        budget,
        ...(latch && { latch }),
        ...(refusing && { refusing }),
      };
    } catch (error) {
      if (!isIdentityVerifyError(error)) throw error;
      const { fenPerCall: _price, ...budget } = this.#options.budget;
      // Without the store, and without a word from it about what is spent: only questions without a budget are asked.
      const refusing = local?.isLocal ? local.refusing(this.#name, budget) : 'ledger_unavailable';
      const { ledger, ...state } = stateOf();
      if (local?.isLocal) return { up: true, ...common, ledger, ...state, budget, ...(refusing && { refusing }) };
      return {
        up: false,
        ...common,
        ledger: { ...ledger, state: 'unavailable' },
        ...state,
        budget,
        ...(refusing && { refusing }),
      };
    }
  }

  /**
   * Refuses new questions; waits for those under way, and for `audit` and `onEvent`, for at most `drainMs` together;
   * then closes the connections that this module opened, and lets go of the ledger, which may close now.
   */
  async onApplicationShutdown(): Promise<void> {
    const { drainMs } = this.#options;
    const { engine, telemetry } = this.#assembly;
    const began = this.#clock.monotonic();
    await engine.close(drainMs);
    await telemetry.drain(Math.min(drainMs, began + drainMs - this.#clock.monotonic()));
    if (this.#transport instanceof ModuleTransport) this.#transport.close();
    await this.#releaseLedger?.();
  }

  /** Every instance of the application, this one first. */
  #instances(): Set<IdentityVerifyService> {
    const instances = new Set<IdentityVerifyService>([this]);
    for (const { providers } of this.modules?.values() ?? []) {
      const name: unknown = providers.get(IDENTITY_VERIFY_NAME)?.instance;
      if (typeof name !== 'string') continue;
      const service: unknown = providers.get(getIdentityVerifyToken(name))?.instance;
      if (service instanceof IdentityVerifyService) instances.add(service);
    }
    return instances;
  }

  #refusing(spent: LedgerSpent, budget: CallBudget, latch: LatchHealth | undefined): Refusing | undefined {
    const { store, local } = this.#assembly;
    if (!local && store?.state === 'unavailable') return 'ledger_unavailable';
    const refusing = refusingBecause(spent, budget, latch, this.circuit);
    return refusing ?? (local?.isLocal ? local.refusing(this.#name, budget) : undefined);
  }

  #spending(calls: number, limit: number | undefined): Spending {
    const fen = calls * this.#options.budget.fenPerCall;
    return { calls, cny: fen / 100, ...(limit !== undefined && { callsLeft: Math.max(0, limit - calls) }) };
  }
}

/** Any application can supply the ledger, and health is shown to others. */
function kindOf({ kind }: Ledger): string {
  return typeof kind === 'string' && /^[\w-]{1,32}$/.test(kind) ? kind : 'custom';
}

/** In the order in which a question meets these refusals. */
function refusingBecause(
  { callsToday, callsThisMonth }: LedgerSpent,
  { callsPerDay = Infinity, callsPerMonth = Infinity }: CallBudget,
  latch: LatchHealth | undefined,
  circuit: CircuitState,
): Refusing | undefined {
  if (latch && !latch.probing) return 'latched';
  if (callsToday >= callsPerDay || callsThisMonth >= callsPerMonth) return 'budget_exhausted';
  return circuit === 'open' ? 'circuit_open' : undefined;
}
