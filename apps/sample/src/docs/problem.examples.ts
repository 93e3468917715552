import {
  ERROR_CODES,
  IdentityInputError,
  IdentityVerifyError,
  REFUSAL_REASONS,
  REFUSAL_REASONS_ZH,
  toProblemDetails,
  type IdentityVerifyErrorCode,
  type ProblemDetails,
} from '@identity-verify/nestjs';
import { STATUS_CODES } from 'node:http';
import { problemOf } from '../problems/problem.filter.js';

type Examples = Record<string, { readonly summary: string; readonly value: ProblemDetails }>;

/** A violation for each of the input errors. */
const REASONS = {
  IDV_INPUT_INVALID: { field: 'idCard', reason: 'id_number_check_character' },
  IDV_TEST_IDENTITY_REFUSED: { field: 'mobile', reason: 'mobile_reserved' },
} as const;

/** Errors that no request to this application can lead to: they stop its start, or are defects of its code. */
const NOT_ANSWERED = new Set<string>(['IDV_OPTIONS_INVALID', 'IDV_ARGUMENT_INVALID', 'IDV_TENANT_UNRESOLVED']);

/** The codes that this application answers, in the order of the module's table. */
export const ANSWERED_CODES = (Object.keys(ERROR_CODES) as IdentityVerifyErrorCode[]).filter(
  (code) => !NOT_ANSWERED.has(code),
);

/** An example of every problem document, by status and name: one for each code, and those without a code. */
export const PROBLEM_EXAMPLES: Readonly<Record<number, Examples>> = examples();

function examples(): Record<number, Examples> {
  const found: Record<number, Examples> = {};
  const add = (status: number, name: string, summary: string, value: ProblemDetails) => {
    (found[status] ??= {})[name] = { summary, value };
  };
  for (const status of [400, 403, 413, 415, 428, 429]) {
    add(status, 'problem', STATUS_CODES[status] ?? '', problemOf(status));
  }
  for (const code of ANSWERED_CODES) {
    const problem = toProblemDetails(errorOf(code));
    add(problem.status, code, ERROR_CODES[code].title, problem);
  }
  return found;
}

/** The error that the module raises, so that an example is what a caller gets. */
function errorOf(code: IdentityVerifyErrorCode): IdentityVerifyError {
  if (code !== 'IDV_INPUT_INVALID' && code !== 'IDV_TEST_IDENTITY_REFUSED') return new IdentityVerifyError(code);
  const { field, reason } = REASONS[code];
  const violation = { field, reason, message: REFUSAL_REASONS[reason], messageZh: REFUSAL_REASONS_ZH[reason] };
  return new IdentityInputError(code, [violation]);
}
