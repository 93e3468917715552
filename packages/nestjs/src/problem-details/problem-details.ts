import { isIdentityVerifyError, type IdentityVerifyError } from '../errors/identity-verify.error.js';
import { ERROR_CODES } from '../errors/error-codes.data.js';
import type { FieldViolation } from '../errors/violation.types.js';

/** An error body as defined by RFC 9457. */
export interface ProblemDetails {
  /** Identifies the kind of problem. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** This module's error code. */
  readonly code?: string;
  /** The refused fields with reasons, and without values. */
  readonly violations?: readonly FieldViolation[];
  /** Recommended wait before asking again, in seconds. Also sent as `Retry-After`. */
  readonly retryAfter?: number;
}

/** The media type of {@link ProblemDetails}. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/**
 * Returns the media type for a caller's `Accept`: plain JSON for a caller that accepts JSON and nothing else, otherwise
 * problem details.
 */
export function mediaTypeFor(accept: string | undefined): string {
  const types = (accept ?? '').toLowerCase();
  const wantsJson = types.includes('application/json') && !types.includes('problem+json') && !types.includes('*/*');
  return wantsJson ? 'application/json' : PROBLEM_MEDIA_TYPE;
}

/**
 * Makes the public description of an error. It says what to correct if the input is wrong. It does not contain the
 * account's state, the upstream's code or the remedy, which are for the operator.
 */
export function toProblemDetails(error: IdentityVerifyError): ProblemDetails {
  const { family } = ERROR_CODES[error.code];
  const status = error.httpStatus;
  const retryAfter = error.retryAfterMs === undefined ? undefined : Math.max(1, Math.ceil(error.retryAfterMs / 1_000));
  return {
    type: `urn:identity-verify:${error.code}`,
    title: family === 'input' ? ERROR_CODES[error.code].title : titleOf(status),
    status,
    code: error.code,
    ...(isInputError(error) && { violations: error.violations }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

function titleOf(status: number): string {
  if (status === 422) return 'The identity is not well-formed';
  if (status === 429) return 'Too many attempts';
  if (status === 504) return 'Identity verification did not answer in time';
  return status < 500 ? 'Identity verification was refused' : 'Identity verification is not available';
}

function isInputError(
  error: unknown,
): error is IdentityVerifyError & { readonly violations: readonly FieldViolation[] } {
  return isIdentityVerifyError(error) && 'violations' in error;
}
