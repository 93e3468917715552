import type { Clock } from '../support/clock.js';
import { AnswerSeal } from '../ledger/answer.seal.js';
import { LedgerKeys, type Pepper } from '../ledger/ledger.keys.js';
import { LedgerGate } from '../ledger/ledger.gate.js';
import { LocalFallback } from '../ledger/local.fallback.js';
import type { Ledger } from '../ledger/ledger.port.js';
import { StoreBreaker } from '../ledger/store.breaker.js';
import { WriteBack } from '../ledger/write.back.js';
import { SettlementPolicy } from './settlement.policy.js';
import type { ResolvedOptions } from '../options/options.resolver.js';
import { Telemetry } from '../telemetry/telemetry.js';
import { TracedCarrier } from '../telemetry/traced.carrier.js';
import { AccountBook } from '../accounts/account.book.js';
import { carrierOf } from '../upstream/carrier.js';
import { CallLimiter } from '../upstream/call.limiter.js';
import { CircuitBreaker } from '../upstream/circuit.breaker.js';
import { CodeTable } from '../upstream/code.table.js';
import { RecentReplies } from '../upstream/recent.replies.js';
import { ReplyDecoder } from '../upstream/reply.decoder.js';
import { RetryPolicy } from '../upstream/retry.policy.js';
import { TenantDirectory } from '../accounts/tenant.directory.js';
import type { UpstreamTransport } from '../upstream/transport.port.js';
import { UpstreamClient } from '../upstream/upstream.client.js';
import { VerificationEngine } from './verification.engine.js';

/** The inputs of {@link assemble}. */
export interface AssemblyParts {
  readonly name: string;
  readonly options: ResolvedOptions;
  readonly transport: UpstreamTransport;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

/** An instance, with the breakers and the telemetry that its service needs. */
export interface Assembly {
  readonly engine: VerificationEngine;
  readonly breaker: CircuitBreaker;
  readonly telemetry: Telemetry;
  /** Undefined if the ledger belongs to this process alone. */
  readonly store: StoreBreaker | undefined;
  /** Answers while the store is unavailable. Undefined if questions are refused then. */
  readonly local: LocalFallback | undefined;
}

/** Time by which a lease exceeds the deadline, in milliseconds, so that a slow owner does not count as dead. */
const LEASE_MARGIN_MS = 5_000;

/** Creates and connects the parts of one instance. */
export function assemble({ name, options, transport, ledger, clock, warn }: AssemblyParts): Assembly {
  const { baseUrl, deadlineMs, subjectLimit } = options;
  const { fenPerCall, ...budget } = options.budget;
  const telemetry = new Telemetry({
    instance: name,
    audit: options.audit,
    onEvent: options.onEvent,
    clock,
    warn,
    onSinkFailed: (sink) => warn(`The function behind \`${sink}\` failed; the verification did not.`),
  });
  const breaker = new CircuitBreaker(clock, options.breaker, (state) => {
    telemetry.circuit(state);
    warn(
      state === 'open'
        ? 'The circuit opened: the upstream keeps failing.'
        : 'The circuit closed: the upstream answers again.',
    );
  });
  const client = new UpstreamClient({
    baseUrl,
    carrier: new TracedCarrier(carrierOf(transport), telemetry),
    clock,
    decoder: new ReplyDecoder({
      codes: new CodeTable(options.codes),
      replyContentTypes: options.replyContentTypes,
      recent: RecentReplies.on(transport),
    }),
    breaker,
    limiter: new CallLimiter(clock, options.limiter),
    retry: new RetryPolicy(options.random, options.retry),
    attemptTimeoutMs: options.attemptTimeoutMs,
    minAttemptMs: options.minAttemptMs,
  });
  const settlements = new SettlementPolicy(clock, options);
  const { onStoreFailure } = options;
  const keys = new LedgerKeys(peppersOf(options.pepper, warn));
  const isShared = 'shared' in ledger && ledger.shared === true;
  const store = isShared ? storeBreaker({ clock, telemetry, warn, onStoreFailure }) : undefined;
  const seal = isShared ? new AnswerSeal(keys, clock, (outcome) => settlements.longestLifetimeMs(outcome)) : undefined;
  const gate = new LedgerGate(ledger, clock, options.ledgerTimeoutMs, store, seal);
  const local =
    store && onStoreFailure === 'local'
      ? new LocalFallback({
          clock,
          gate,
          breaker: store,
          instances: options.instances,
          maxEntries: options.ledgerEntries,
          lifetimeOf: (outcome) => settlements.shortestLifetimeMs(outcome),
        })
      : undefined;
  const engine = new VerificationEngine({
    clock,
    keys,
    ledger: local ?? gate,
    accounts: new AccountBook({
      scope: name,
      credentials: options.credentials,
      budget,
      tenants: new TenantDirectory(options.tenants, clock, options.tenantCache),
      terms: {
        leaseMs: deadlineMs + LEASE_MARGIN_MS,
        doubtMs: settlements.doubtMs,
        subjectLimit,
      },
    }),
    settlements,
    telemetry,
    deadlineMs,
    fenPerCall,
    identityRules: { acceptedDocuments: options.acceptedDocuments },
    ask: (identity, credentials, signals) => client.ask(identity, credentials, signals),
    allowTestMobiles: options.upstreamIsMock,
    writeBack: new WriteBack({
      clock,
      ledger: local
        ? { settle: (settlement) => local.writeLate(settlement), release: (grant) => local.release(grant) }
        : gate,
      local,
      capacity: local && options.ledgerEntries,
      onResult: (result) => {
        telemetry.writeBack(result);
        if (result === 'lost')
          warn('The end of a call could not be written to the ledger. Its question is in doubt after the lease.');
      },
    }),
  });
  return { engine, breaker, telemetry, store, local };
}

function storeBreaker({
  clock,
  telemetry,
  warn,
  onStoreFailure,
}: Pick<AssemblyParts, 'clock' | 'warn'> & Pick<Assembly, 'telemetry'> & Pick<ResolvedOptions, 'onStoreFailure'>) {
  telemetry.storeIs('available', onStoreFailure);
  return new StoreBreaker(clock, (state) => {
    telemetry.storeBecame(state, onStoreFailure);
    warn(state === 'available' ? 'The store of the ledger is available again.' : UNAVAILABLE[onStoreFailure]);
  });
}

const UNAVAILABLE = {
  refuse: 'The store of the ledger is unavailable: questions that it cannot answer are refused, and not sent.',
  local:
    'The store of the ledger is unavailable: questions are answered from the memory of this process, which may pay for ' +
    'its share of the budget.',
} as const satisfies Record<ResolvedOptions['onStoreFailure'], string>;

function peppersOf(pepper: ResolvedOptions['pepper'], warn: (message: string) => void): readonly Pepper[] {
  if (pepper) return pepper;
  warn(
    'No `pepper` is set. This process uses a random one: other processes, and this one after a restart, cannot find its answers.',
  );
  return [LedgerKeys.ephemeralPepper()];
}
