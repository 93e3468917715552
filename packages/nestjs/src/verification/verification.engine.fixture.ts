import { DEFAULTS } from '../options/options.defaults.js';
import { resolveOptions } from '../options/options.resolver.js';
import { TEST_POPULATION } from '@identity-verify/contract';
import { identityVerifyError } from '../errors/identity-verify.error.js';
import { LedgerKeys, type Pepper } from '../ledger/ledger.keys.js';
import { LedgerGate } from '../ledger/ledger.gate.js';
import type { Ledger } from '../ledger/ledger.port.js';
import { WriteBack, type WriteBackResult } from '../ledger/write.back.js';
import { MemoryLedger } from '../ledger/memory.ledger.js';
import { SettlementPolicy } from './settlement.policy.js';
import type { IdentityVerifyOptions } from '../options/options.types.js';
import { Telemetry } from '../telemetry/telemetry.js';
import { ManualClock } from '../testing/manual.clock.js';
import { AccountBook } from '../accounts/account.book.js';
import type { CredentialSource } from '../accounts/credentials.js';
import { TenantDirectory } from '../accounts/tenant.directory.js';
import type { Decoded } from '../upstream/reply.decoder.js';
import type { CallSignals } from '../upstream/call.signals.js';
import type { CallEnd } from '../upstream/upstream.client.js';
import { VerificationEngine, type EngineParts } from './verification.engine.js';

export const [person, otherPerson, thirdPerson] = TEST_POPULATION;
const pepper = 'a pepper that is long enough for this';

/** The end of a call that was answered, and paid for. */
export const answered = (outcome: 'match' | 'mismatch' | 'no_record' | 'indeterminate' = 'match'): Decoded => ({
  kind: 'answer',
  outcome,
  billed: 'yes',
  code: '10000',
  seqNo: 'S1',
  requestId: 'R1',
});
/** The end of a call that failed. */
export const failed = (
  code: 'IDV_CONNECTION_LOST' | 'IDV_QUOTA' | 'IDV_SAME_PARAMETER_LIMIT' | 'IDV_BUSY',
  more: Partial<Decoded> = {},
): Decoded =>
  ({
    kind: 'failure',
    error: identityVerifyError(code),
    retry: 'never',
    repeats: 0,
    health: 'well',
    ...more,
  }) as Decoded;

export interface Setup {
  readonly options?: Partial<IdentityVerifyOptions>;
  readonly ledger?: (clock: ManualClock) => Ledger;
  readonly clock?: ManualClock;
  readonly allowTestMobiles?: boolean;
}

/** An engine whose calls are noted, and end when the test says how. */
export function open({ options = {}, ledger, clock = new ManualClock(), allowTestMobiles = true }: Setup = {}) {
  const asked: { signals: CallSignals; credentials: CredentialSource; answer: (end: Decoded | CallEnd) => void }[] = [];
  const results: WriteBackResult[] = [];
  const gate = new LedgerGate(ledger?.(clock) ?? new MemoryLedger({ clock }), clock, 50);
  const deadlineMs = options.deadlineMs ?? 12_000;
  const settlements = new SettlementPolicy(
    clock,
    resolveOptions({ credentials: { appCode: 'code' }, random: () => 0.5, ...options }),
  );
  const telemetry = new Telemetry({
    instance: 'default',
    audit: options.audit,
    onEvent: options.onEvent,
    clock,
    warn: () => undefined,
    onSinkFailed: () => undefined,
  });
  const parts: EngineParts = {
    clock,
    accounts: new AccountBook({
      scope: 'default',
      credentials: { appCode: 'code' },
      budget: options.budget,
      tenants: new TenantDirectory(options.tenants, clock, DEFAULTS.tenantCache),
      terms: {
        leaseMs: deadlineMs + 5_000,
        doubtMs: settlements.doubtMs,
        subjectLimit: { perIdNumber: 5, perMobile: 5, windowMs: 86_400_000 },
      },
    }),
    settlements,
    telemetry,
    keys: new LedgerKeys(Array.isArray(options.pepper) ? (options.pepper as Pepper[]) : [{ kid: '1', secret: pepper }]),
    ledger: gate,
    deadlineMs,
    fenPerCall: 42,
    identityRules: { acceptedDocuments: undefined },
    allowTestMobiles,
    ask: (_identity, credentials, signals) =>
      new Promise((resolve) => {
        const answer = (end: Decoded | CallEnd) =>
          resolve('decoded' in end ? end : { decoded: end, sent: true, health: 'well' });
        asked.push({ signals, credentials, answer });
      }),
    writeBack: new WriteBack({ clock, ledger: gate, onResult: (result) => results.push(result) }),
  };
  return { engine: new VerificationEngine(parts), parts, telemetry, clock, asked, results };
}

/** The end of a call that was not sent. */
export const unsent = (code: 'IDV_CIRCUIT_OPEN' | 'IDV_ABORTED' | 'IDV_OVERLOADED'): CallEnd => ({
  decoded: { kind: 'failure', error: identityVerifyError(code), retry: 'never', repeats: 0, health: 'well' },
  sent: false,
  health: 'unasked',
});

/** The code of the error that a promise rejects with; `answered` if there is none. */
export const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  );

/** A function that resolves with what `run` returns after a time of the clock. */
export function slow<A, T>(clock: ManualClock, ms: number, run: (argument: A) => T): (argument: A) => Promise<T> {
  return (argument) => new Promise((resolve) => clock.schedule(() => resolve(run(argument)), ms));
}

/** A ledger that answers asynchronously, like a remote store. */
export function remote(ledger: MemoryLedger): Ledger {
  return {
    claim: async (request) => ledger.claim(request),
    settle: async (settlement) => ledger.settle(settlement),
    release: async (grant) => ledger.release(grant),
    forget: async (request) => ledger.forget(request),
    spent: async (scope) => ledger.spent(scope),
    latch: async (scope) => ledger.latch(scope),
    reopen: async (scope) => ledger.reopen(scope),
    scopes: async () => ledger.scopes(),
  };
}
