import type { Billed, UpstreamErrorCategory } from '@identity-verify/contract';

/** The kind of an error: a category of the upstream, or a category of this module. */
export type ErrorCategory =
  | UpstreamErrorCategory
  /** A limit of the application refused the question: budget, subject limit, capacity. */
  | 'limit'
  /** An earlier call for the same question may have been paid for, and its answer is lost. */
  | 'in_doubt'
  /** Not tried: the upstream is failing, or this instance is full or shutting down. */
  | 'unavailable'
  /** The connection failed. */
  | 'transport'
  /** The reply does not follow the contract. */
  | 'malformed_reply'
  /** The caller gave up. */
  | 'aborted';

/** The class of an error, by its origin. */
export type ErrorFamily = 'input' | 'refusal' | 'transport' | 'upstream' | 'options';

/** One row of the table of errors. */
export interface ErrorCodeRow {
  readonly family: ErrorFamily;
  readonly category: ErrorCategory;
  /** The HTTP status for the application's own caller. A single upstream code can override it. */
  readonly httpStatus: number;
  /** The cost of this question. A single error can override it. */
  readonly billed: Billed;
  /** Whether the same call can be made again later without the risk of paying twice. */
  readonly retryable: boolean;
  readonly title: string;
  /** The action to take. It says nothing about cost: that follows from `billed`, which a single error can override. */
  readonly remedy: string;
}

/** Every error that this module raises. Types, documentation and the HTTP mapping derive from this table. */
// prettier-ignore
export const ERROR_CODES = {
  IDV_OPTIONS_INVALID: { family: 'options', category: 'configuration', httpStatus: 500, billed: 'no', retryable: false, title: 'The options of IdentityVerifyModule are not valid', remedy: 'Correct the option that the message names.' },
  IDV_ARGUMENT_INVALID: { family: 'options', category: 'configuration', httpStatus: 500, billed: 'no', retryable: false, title: 'An argument of the call is not valid', remedy: 'Correct the argument that the message names; nothing was claimed and nothing was sent.' },

  IDV_INPUT_INVALID: { family: 'input', category: 'invalid_input', httpStatus: 422, billed: 'no', retryable: false, title: 'The identity is not well-formed', remedy: 'Ask the person to correct the fields listed in `violations`; nothing was sent.' },
  IDV_TEST_IDENTITY_REFUSED: { family: 'input', category: 'invalid_input', httpStatus: 422, billed: 'no', retryable: false, title: 'A reserved test mobile was about to be sent to a real upstream', remedy: 'Use a real mobile, or set `upstreamIsMock` if the host really is a mock.' },

  IDV_BUDGET_EXHAUSTED: { family: 'refusal', category: 'limit', httpStatus: 503, billed: 'no', retryable: true, title: 'The budget of paid calls is used up', remedy: 'Wait for the next day or month in Asia/Shanghai, or raise `budget`.' },
  IDV_SUBJECT_LIMIT: { family: 'refusal', category: 'limit', httpStatus: 429, billed: 'no', retryable: true, title: 'Too many different triples were tried for one ID number or mobile', remedy: 'Wait until the window of `subjectLimit` has passed. If this happens often, somebody may be guessing identities.' },
  IDV_SAME_PARAMETER_BLOCKED: { family: 'refusal', category: 'same_parameter_limit', httpStatus: 429, billed: 'no', retryable: true, title: 'The question is blocked: the upstream refused it, because it was asked too often', remedy: 'Do not ask again before `retryAfterMs` has passed.' },
  IDV_LATCHED: { family: 'refusal', category: 'unavailable', httpStatus: 503, billed: 'no', retryable: true, title: 'The latch is closed: the upstream has refused the account, because its quota is exhausted or its access denied', remedy: 'Recharge or correct the account, then call `reopen()`. Without it, one call probes the account from time to time.' },
  IDV_IN_DOUBT: { family: 'refusal', category: 'in_doubt', httpStatus: 503, billed: 'no', retryable: true, title: 'An earlier call for this question may have been paid for, and its answer is lost', remedy: 'Wait until `retryAfterMs` has passed, or pass `repeatInDoubt: true` if paying twice is acceptable.' },
  IDV_CAPACITY: { family: 'refusal', category: 'unavailable', httpStatus: 503, billed: 'no', retryable: true, title: 'The ledger is full', remedy: 'Raise `ledgerEntries`, or find out why so many calls stay unanswered.' },
  IDV_LEDGER_UNAVAILABLE: { family: 'refusal', category: 'unavailable', httpStatus: 503, billed: 'no', retryable: true, title: 'The ledger did not answer', remedy: 'Restore the store behind the ledger; without it a budget cannot be kept.' },
  IDV_CIRCUIT_OPEN: { family: 'refusal', category: 'unavailable', httpStatus: 503, billed: 'no', retryable: true, title: 'The circuit is open: the upstream failed repeatedly, and calls are refused until a probe', remedy: 'Try again after `retryAfterMs`.' },
  IDV_OVERLOADED: { family: 'refusal', category: 'unavailable', httpStatus: 503, billed: 'no', retryable: true, title: 'Too many calls are under way or waiting', remedy: 'Raise `concurrency`, or shed load earlier.' },
  IDV_SHUTTING_DOWN: { family: 'refusal', category: 'unavailable', httpStatus: 503, billed: 'no', retryable: true, title: 'The application is shutting down', remedy: 'Send the request to another instance.' },
  IDV_ABORTED: { family: 'refusal', category: 'aborted', httpStatus: 503, billed: 'no', retryable: true, title: 'The caller gave up waiting', remedy: 'A call that was already sent continues and settles in the ledger. Ask again to get its answer.' },
  IDV_TENANT_UNRESOLVED: { family: 'refusal', category: 'configuration', httpStatus: 503, billed: 'no', retryable: true, title: 'The account of the tenant could not be resolved', remedy: 'Check the function behind `tenants`; nothing was sent.' },
  IDV_CREDENTIALS_UNAVAILABLE: { family: 'refusal', category: 'authentication', httpStatus: 503, billed: 'no', retryable: true, title: 'The function behind `credentials` failed or returned an invalid credential', remedy: 'Check that function; nothing was sent.' },

  IDV_CONNECT_FAILED: { family: 'transport', category: 'transport', httpStatus: 503, billed: 'no', retryable: true, title: 'The upstream could not be reached, and nothing was sent', remedy: 'Check DNS, network and `baseUrl`.' },
  IDV_CONNECTION_LOST: { family: 'transport', category: 'transport', httpStatus: 502, billed: 'unknown', retryable: false, title: 'The connection was lost after the question was sent', remedy: 'Ask again only when paying twice is acceptable.' },
  IDV_TIMEOUT: { family: 'transport', category: 'timeout', httpStatus: 504, billed: 'unknown', retryable: false, title: 'The upstream did not answer before the deadline', remedy: 'If it happens often, raise `attemptTimeoutMs`: the gateway waits up to 30 s.' },
  IDV_REPLY_UNREADABLE: { family: 'transport', category: 'malformed_reply', httpStatus: 502, billed: 'unknown', retryable: false, title: 'The reply is not one that the contract describes', remedy: 'Quote the request id to the vendor.' },
  IDV_REPLY_TOO_LARGE: { family: 'transport', category: 'malformed_reply', httpStatus: 502, billed: 'unknown', retryable: false, title: 'The reply is larger than any real one', remedy: 'Check for a proxy between this host and the upstream.' },
  IDV_HTTP_STATUS: { family: 'transport', category: 'malformed_reply', httpStatus: 502, billed: 'unknown', retryable: false, title: 'The reply has an HTTP status that neither the vendor nor its gateway documents', remedy: 'Check for a proxy between this host and the upstream.' },
  IDV_REDIRECTED: { family: 'transport', category: 'configuration', httpStatus: 502, billed: 'unknown', retryable: false, title: 'The upstream answered with a redirect, which was not followed', remedy: 'A redirect would send the identity to another host. Check `baseUrl`.' },

  IDV_MALFORMED_REQUEST: { family: 'upstream', category: 'malformed_request', httpStatus: 502, billed: 'no', retryable: false, title: 'The upstream could not read the request', remedy: 'This is a defect of the client: report it with the upstream code and seqNo.' },
  IDV_AUTHENTICATION: { family: 'upstream', category: 'authentication', httpStatus: 503, billed: 'no', retryable: false, title: 'The upstream refused the credentials of the account', remedy: 'Check `credentials`. This says nothing about the person.' },
  IDV_AUTHORIZATION: { family: 'upstream', category: 'authorization', httpStatus: 503, billed: 'no', retryable: false, title: 'The account may not call this interface from here', remedy: 'Check the purchase and the allowed addresses in the vendor\'s console.' },
  IDV_UPSTREAM_INVALID_INPUT: { family: 'upstream', category: 'invalid_input', httpStatus: 422, billed: 'no', retryable: false, title: 'The upstream refused the mobile', remedy: 'Ask the person to correct it.' },
  IDV_QUOTA: { family: 'upstream', category: 'quota', httpStatus: 503, billed: 'no', retryable: false, title: 'The balance, the calls or the subscription of the account ran out', remedy: 'Recharge the account.' },
  IDV_RATE_LIMITED: { family: 'upstream', category: 'rate_limit', httpStatus: 503, billed: 'no', retryable: true, title: 'The gateway throttled the call', remedy: 'Lower `callsPerSecond`, or ask for a higher limit.' },
  IDV_SAME_PARAMETER_LIMIT: { family: 'upstream', category: 'same_parameter_limit', httpStatus: 429, billed: 'no', retryable: false, title: 'The upstream was asked this question too often', remedy: 'Do not ask it again for a while. This module blocks it for `lifetimes.sameParameterBlockMs`.' },
  IDV_UPSTREAM_TIMEOUT: { family: 'upstream', category: 'timeout', httpStatus: 504, billed: 'unknown', retryable: false, title: 'The upstream timed out behind its gateway', remedy: 'Ask again only when paying twice is acceptable.' },
  IDV_BUSY: { family: 'upstream', category: 'busy', httpStatus: 503, billed: 'no', retryable: true, title: 'The upstream is busy', remedy: 'Try again later.' },
  IDV_DISABLED: { family: 'upstream', category: 'disabled', httpStatus: 503, billed: 'no', retryable: false, title: 'The interface or the account was switched off', remedy: 'Ask the vendor.' },
  IDV_CONFIGURATION: { family: 'upstream', category: 'configuration', httpStatus: 503, billed: 'no', retryable: false, title: 'The gateway does not know this host, path or protocol', remedy: 'Check `baseUrl`.' },
  IDV_UPSTREAM_FAILURE: { family: 'upstream', category: 'upstream_failure', httpStatus: 502, billed: 'unknown', retryable: false, title: 'The upstream failed', remedy: 'Quote the seqNo to the vendor.' },
  IDV_UNCLASSIFIED: { family: 'upstream', category: 'unclassified', httpStatus: 502, billed: 'unknown', retryable: false, title: 'The upstream failed and gave no reason', remedy: 'Quote the seqNo to the vendor.' },
  IDV_UNKNOWN_CODE: { family: 'upstream', category: 'unclassified', httpStatus: 502, billed: 'unknown', retryable: false, title: 'The upstream answered with a code that is not in the table', remedy: 'Ask the vendor what it means, then add a row with `codes`.' },
} as const satisfies Record<string, ErrorCodeRow>;

/** The stable name of an error. */
export type IdentityVerifyErrorCode = keyof typeof ERROR_CODES;

/** The codes of {@link IdentityInputError}, which carries violations. */
export type InputErrorCode = 'IDV_INPUT_INVALID' | 'IDV_TEST_IDENTITY_REFUSED';

/** The codes of all other errors. */
export type RaisedErrorCode = Exclude<IdentityVerifyErrorCode, InputErrorCode>;
