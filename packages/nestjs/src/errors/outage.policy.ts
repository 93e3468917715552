import type { ErrorCategory, IdentityVerifyErrorCode } from './error-codes.data.js';
import type { IdentityVerifyError } from './identity-verify.error.js';

/**
 * The categories that are outages of the upstream, the connection or the ledger. Only an outage lets a request through
 * under `onUnavailable: 'allow'`.
 *
 * An error that a caller can provoke is no outage: guesses end in a limit, many calls in a quota or a throttle, unusual
 * input in a malformed request or an unknown code.
 */
const OUTAGES = {
  transport: true,
  timeout: true,
  busy: true,
  upstream_failure: true,
  malformed_reply: true,

  // Depends on the code; see CODES.
  unavailable: false,

  // A limit of the application or of the account refused it.
  limit: false,
  same_parameter_limit: false,
  quota: false,
  rate_limit: false,
  in_doubt: false,

  // The input or the caller is the cause.
  invalid_input: false,
  malformed_request: false,
  aborted: false,

  // The account or the options are wrong. Somebody must correct them; it does not pass by itself.
  configuration: false,
  authentication: false,
  authorization: false,
  disabled: false,

  // The meaning is unknown: it may be an answer about the person.
  unclassified: false,
} as const satisfies Record<ErrorCategory, boolean>;

/** The codes of `unavailable` that are outages. Many calls can provoke a full queue, a full ledger or a latch. */
const CODES: ReadonlySet<IdentityVerifyErrorCode> = new Set(['IDV_CIRCUIT_OPEN', 'IDV_LEDGER_UNAVAILABLE']);

/** Returns whether the answer is missing because the upstream, the connection or the ledger is down. */
export function isOutage({ category, code, billed }: IdentityVerifyError): boolean {
  // A timeout before anything was sent happened in our own queue, which many simultaneous calls can fill.
  if (code === 'IDV_TIMEOUT' && billed === 'no') return false;
  return OUTAGES[category] || CODES.has(code);
}
