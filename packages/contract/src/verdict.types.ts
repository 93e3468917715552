/**
 * Whether a reply was paid for. The vendor does not say which errors inside an HTTP 200 are billed, hence `unknown`,
 * which everything that counts money treats as spent.
 */
export type Billed = 'yes' | 'no' | 'unknown';

/** An answer to the question "do these three belong to one person?". Only `match` lets anybody through. */
export type Outcome = 'match' | 'mismatch' | 'no_record' | 'indeterminate';

/** Every outcome, the one that lets somebody through first. */
export const OUTCOMES = ['match', 'mismatch', 'no_record', 'indeterminate'] as const satisfies readonly Outcome[];

/**
 * What went wrong upstream, independent of the exact code.
 *
 * - `malformed_request`: the request was built wrongly: a defect of the client.
 * - `authentication`: the account's credentials, never the person's.
 * - `authorization`: the account may not call this interface, or not from here.
 * - `invalid_input`: the upstream refused one of the three fields.
 * - `quota`: balance, calls left, or the subscription ran out.
 * - `rate_limit`: too many calls per second or per day, by anybody.
 * - `same_parameter_limit`: this very question was asked too often.
 * - `timeout`: the back end did not answer in time; it may still have charged.
 * - `busy`: refused before any work was done.
 * - `disabled`: the interface, the account, or the vendor's own account at the gateway was switched off.
 * - `configuration`: host, path or protocol is wrong.
 * - `upstream_failure`: the upstream broke; what it charged is not known.
 * - `unclassified`: the upstream itself does not say.
 */
export type UpstreamErrorCategory =
  | 'malformed_request'
  | 'authentication'
  | 'authorization'
  | 'invalid_input'
  | 'quota'
  | 'rate_limit'
  | 'same_parameter_limit'
  | 'timeout'
  | 'busy'
  | 'disabled'
  | 'configuration'
  | 'upstream_failure'
  | 'unclassified';

/**
 * When a call may be repeated.
 *
 * - `never`: the same call gets the same reply.
 * - `days_later`: the record may appear, but not within a request.
 * - `not_today`: a daily limit.
 * - `safe`: proven not billed; may be repeated, with back-off.
 * - `re_sign`: proven not billed; may be repeated once with a new timestamp and nonce.
 * - `ambiguous`: it may have been billed; repeating it may pay twice, so only a person decides.
 */
export type Retry = 'never' | 'days_later' | 'not_today' | 'safe' | 're_sign' | 'ambiguous';

/** A reply that answers the question. */
export interface AnswerVerdict {
  readonly kind: 'answer';
  readonly outcome: Outcome;
  readonly retry: Retry;
  readonly billed: Billed;
  /** The HTTP status with which the application that asked should answer its own caller. */
  readonly httpStatus: number;
}

/** A reply that does not answer the question. */
export interface ErrorVerdict {
  readonly kind: 'error';
  readonly category: UpstreamErrorCategory;
  readonly retry: Retry;
  readonly billed: Billed;
  /** The HTTP status with which the application that asked should answer its own caller. */
  readonly httpStatus: number;
}

/** What a reply means for whoever asked. */
export type Verdict = AnswerVerdict | ErrorVerdict;
