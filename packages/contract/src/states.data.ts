import type { AnswerVerdict } from './verdict.types.js';

/** The meaning of a `data.state` under code 10000. */
export interface StateRow extends AnswerVerdict {
  readonly state: string;
  readonly meaning: string;
}

/**
 * The documented values of `data.state`. Strings, compared exactly: the number `1`, `"01"` and `" 1"` are different
 * values. The vendor does not explain state 3, nor whether it is billed.
 */
// prettier-ignore
export const STATES = [
  { state: '1', meaning: '验证一致', kind: 'answer', outcome: 'match', retry: 'never', billed: 'yes', httpStatus: 200 },
  { state: '2', meaning: '验证不一致', kind: 'answer', outcome: 'mismatch', retry: 'never', billed: 'yes', httpStatus: 200 },
  { state: '3', meaning: '异常情况', kind: 'answer', outcome: 'indeterminate', retry: 'never', billed: 'unknown', httpStatus: 200 },
] as const satisfies readonly StateRow[];

/** A documented value of `data.state`. */
export type State = (typeof STATES)[number]['state'];

/**
 * Code 10000 with `data: null`, or with a state that is missing or not in {@link STATES}. The vendor's own example of a
 * failure is `10000 成功` with `data: null`: a successful call is not a match.
 */
export const NO_STATE = {
  kind: 'answer',
  outcome: 'indeterminate',
  retry: 'never',
  billed: 'unknown',
  httpStatus: 200,
} as const satisfies AnswerVerdict;
