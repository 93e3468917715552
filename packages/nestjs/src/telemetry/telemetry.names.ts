/**
 * The names of spans, metrics and attributes. No attribute contains a name, an ID number, a mobile, a credential or a
 * tenant. Tenants are too many for a metric, and may be people.
 */
export const TELEMETRY = {
  /** Name of the tracer and the meter. */
  scope: '@identity-verify/nestjs',
  /** Span, internal: one question. */
  verifySpan: 'identity_verify.verify',
  /** Counter, {verification}: questions by outcome or error code, upstream code and source. */
  verifications: 'identity_verify.verifications',
  /** Histogram, s: duration of a question. */
  duration: 'identity_verify.verification.duration',
  /** Histogram, s: duration of a phase, by `identity_verify.phase` (check, claim, call, settle). */
  phaseDuration: 'identity_verify.phase.duration',
  /** Counter, {call}: paid calls, by `identity_verify.billed` (yes, unknown). */
  billedCalls: 'identity_verify.calls.billed',
  /** Counter, CNY: cost of paid calls, including unknown charges. */
  spend: 'identity_verify.spend',
  /** Gauge, {store}: 1 while the shared store of the ledger is available, otherwise 0. Absent without such a store. */
  storeAvailable: 'identity_verify.store.available',
  /**
   * Gauge, {ledger}: 1 while questions are answered from the memory of this process, otherwise 0. Only with
   * `onStoreFailure: 'local'`.
   */
  ledgerLocal: 'identity_verify.ledger.local',
  /**
   * Counter, {settlement}: ends of calls that were kept while the ledger failed, by `identity_verify.result` (written,
   * counted, superseded, lost).
   */
  writeBacks: 'identity_verify.ledger.write_backs',
  /** Counter, {claim}: decisions of the ledger, by `identity_verify.verdict`. */
  claims: 'identity_verify.ledger.claims',
  /** Gauge, {circuit}: 1 while the circuit is open or half open, otherwise 0. */
  circuitOpen: 'identity_verify.circuit.open',
  /**
   * Gauge, {latch}: 1 while a latch of the instance or of a tenant is closed, otherwise 0; by `identity_verify.latch`.
   */
  latchClosed: 'identity_verify.latch.closed',
  /** Counter, {latch}: latches that closed, by `identity_verify.latch` (quota, access). */
  latchesClosed: 'identity_verify.latches.closed',
  /** Counter, {failure}: audit entries and events that the application's function failed to receive. */
  auditFailures: 'identity_verify.audit.failures',
} as const;

/** Names of attributes. `error.type`, `http.*` and `server.*` are OpenTelemetry's own. */
export const ATTRIBUTES = {
  instance: 'identity_verify.instance',
  outcome: 'identity_verify.outcome',
  upstreamCode: 'identity_verify.upstream.code',
  source: 'identity_verify.source',
  billed: 'identity_verify.billed',
  phase: 'identity_verify.phase',
  verdict: 'identity_verify.verdict',
  result: 'identity_verify.result',
  latch: 'identity_verify.latch',
  seqNo: 'identity_verify.seq_no',
  requestId: 'identity_verify.request_id',
  errorType: 'error.type',
} as const;
