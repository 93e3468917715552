import { DEFAULT_FEN_PER_CALL, ENDPOINT } from '@identity-verify/contract';
import { systemClock } from '../support/clock.js';
import { DOCUMENT_KINDS } from '../identity/id-number.rule.js';

/** Default maximum duration of an attempt, in milliseconds. Limited by the deadline of the question. */
const ATTEMPT_TIMEOUT_MS = 10_000;
/** Default share of the deadline that an attempt needs, and its upper bound in milliseconds. */
const MIN_ATTEMPT_SHARE = 0.05;
const MIN_ATTEMPT_MS = 500;
/** Default time beyond `deadlineMs` that a shutdown waits, in milliseconds. */
const DRAIN_MARGIN_MS = 500;

/** The default of every option that has one. */
export const DEFAULTS = {
  baseUrl: `https://${ENDPOINT.host}`,
  allowInsecureHttp: false,
  deadlineMs: 12_000,
  attemptTimeoutMs: (deadlineMs: number) => Math.min(ATTEMPT_TIMEOUT_MS, deadlineMs),
  minAttemptMs: (deadlineMs: number) => Math.min(MIN_ATTEMPT_MS, Math.floor(deadlineMs * MIN_ATTEMPT_SHARE)),
  retry: { max: 2, baseMs: 100, capMs: 1_000, ratio: 0.1 },
  limiter: { concurrency: 64, queue: 256 },
  breaker: { failures: 5, openMs: 10_000 },
  lifetimes: {
    matchMs: 86_400_000,
    mismatchMs: 600_000,
    noRecordMs: 300_000,
    indeterminateMs: 60_000,
    unknownMs: 60_000,
    sameParameterBlockMs: 3_600_000,
  },
  latches: { quotaMs: 300_000, accessMs: 60_000 },
  budget: { fenPerCall: DEFAULT_FEN_PER_CALL },
  subjectLimit: { perIdNumber: 5, perMobile: 5, windowMs: 86_400_000 },
  acceptedDocuments: DOCUMENT_KINDS,
  codes: {},
  replyContentTypes: ['application/json', 'text/json'],
  ledgerEntries: 100_000,
  ledgerTimeoutMs: 50,
  onStoreFailure: 'refuse',
  instances: 1,
  tenantCache: { max: 1_000, ttlMs: 60_000 },
  denialFloorMs: 0,
  drainMs: (deadlineMs: number) => deadlineMs + DRAIN_MARGIN_MS,
  clock: systemClock,
  random: Math.random,
} as const;
