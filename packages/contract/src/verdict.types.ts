/**
 * Whether a reply was paid for. The vendor does not document which errors within an HTTP 200 are billed. They are
 * `unknown`, which counts as spent wherever money is counted.
 */
export type Billed = 'yes' | 'no' | 'unknown';

/** The answer to the question "do these three belong to one person?". Only `match` means yes. */
export type Outcome = 'match' | 'mismatch' | 'no_record' | 'indeterminate';

/** Every outcome, `match` first. */
export const OUTCOMES = ['match', 'mismatch', 'no_record', 'indeterminate'] as const satisfies readonly Outcome[];

/**
 * The kind of an upstream error, independent of its code.
 *
 * - `malformed_request`: the request is wrong: a defect of the client.
 * - `authentication`: the account's credentials are wrong. Says nothing about the person.
 * - `authorization`: the account may not call this interface, or not from this address.
 * - `invalid_input`: the upstream refused one of the three fields.
 * - `quota`: the balance, the calls or the subscription of the account ran out.
 * - `rate_limit`: too many calls per second or per day, in total.
 * - `same_parameter_limit`: this question was asked too often.
 * - `timeout`: the back end did not answer in time; it may have charged.
 * - `busy`: refused before any work was done.
 * - `disabled`: the interface, the account, or the vendor's own account at the gateway was switched off.
 * - `configuration`: host, path or protocol is wrong.
 * - `upstream_failure`: the upstream failed; it is unknown whether it charged.
 * - `unclassified`: the upstream does not give a reason.
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
 * - `safe`: proven unbilled; may be repeated, with back-off.
 * - `re_sign`: proven unbilled; may be repeated once with a new timestamp and nonce.
 * - `ambiguous`: it may have been billed; repeating it may pay twice, so only a person decides.
 */
export type Retry = 'never' | 'days_later' | 'not_today' | 'safe' | 're_sign' | 'ambiguous';

/** A reply that answers the question. */
export interface AnswerVerdict {
  readonly kind: 'answer';
  readonly outcome: Outcome;
  readonly retry: Retry;
  readonly billed: Billed;
  /** The HTTP status for the application's own caller. */
  readonly httpStatus: number;
}

/** A reply that does not answer the question. */
export interface ErrorVerdict {
  readonly kind: 'error';
  readonly category: UpstreamErrorCategory;
  readonly retry: Retry;
  readonly billed: Billed;
  /** The HTTP status for the application's own caller. */
  readonly httpStatus: number;
}

/** The meaning of a reply. */
export type Verdict = AnswerVerdict | ErrorVerdict;
