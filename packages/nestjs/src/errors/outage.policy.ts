import type { ErrorCategory, IdentityVerifyErrorCode } from './error-codes.data.js';
import type { IdentityVerifyError } from './identity-verify.error.js';

/**
 * Whether an error of a category is an outage: of the upstream, of the wire, or of the ledger. Only an outage lets a
 * request through under `onUnavailable: 'allow'`. Whatever a caller can bring about is none: guesses end in a limit,
 * many calls in a quota or a throttle, odd input in a malformed request or an unknown code.
 */
const OUTAGES = {
  transport: true,
  timeout: true,
  busy: true,
  upstream_failure: true,
  malformed_reply: true,

  // Mixed: see CODES.
  unavailable: false,

  // A limit stopped it, here or at the account.
  limit: false,
  same_parameter_limit: false,
  quota: false,
  rate_limit: false,
  in_doubt: false,

  // The input, or the caller.
  invalid_input: false,
  malformed_request: false,
  aborted: false,

  // The account or the options: somebody has to correct them, and it does not pass by itself.
  configuration: false,
  authentication: false,
  authorization: false,
  disabled: false,

  // Nobody knows what it means: it may be an answer about the person.
  unclassified: false,
} as const satisfies Record<ErrorCategory, boolean>;

/** The codes of `unavailable` that are outages. A full queue, a full ledger and a latch are brought about by calls. */
const CODES: ReadonlySet<IdentityVerifyErrorCode> = new Set(['IDV_CIRCUIT_OPEN', 'IDV_LEDGER_UNAVAILABLE']);

/** Whether there is no answer because the upstream, the wire or the ledger is down. */
export function isOutage({ category, code, billed }: IdentityVerifyError): boolean {
  // Time that ran out before anything was sent ran out in our own queue, which many calls at once can fill.
  if (code === 'IDV_TIMEOUT' && billed === 'no') return false;
  return OUTAGES[category] || CODES.has(code);
}
