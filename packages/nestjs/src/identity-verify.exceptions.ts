import { ForbiddenException, HttpException } from '@nestjs/common';
import type { IdentityVerifyError } from './errors/identity-verify.error.js';
import { toProblemDetails } from './problem-details/problem-details.js';

/** The body, as defined by RFC 9457. */
export const DENIED_PROBLEM = {
  type: 'urn:identity-verify:denied',
  title: 'The identity could not be verified',
  status: 403,
  code: 'IDV_DENIED',
} as const;

/**
 * Thrown when the guard denies a request: 403. The same for a mismatch, no record and an indeterminate answer; it never
 * names the wrong field.
 */
export class IdentityDeniedException extends ForbiddenException {
  /** Extensions of a GraphQL error. */
  readonly extensions: Readonly<Record<string, unknown>> = DENIED_PROBLEM;

  constructor() {
    super({ ...DENIED_PROBLEM });
  }
}

/** Thrown when there is no answer. Never a 403, because nothing is known about the person. */
export class IdentityUnavailableException extends HttpException {
  /** Recommended wait before asking again, in seconds. */
  readonly retryAfter: number | undefined;
  /** Extensions of a GraphQL error. */
  readonly extensions: Readonly<Record<string, unknown>>;

  /** @param detail a sentence for the caller; contains no value of the request */
  constructor(error: IdentityVerifyError, detail?: string) {
    const problem = { ...toProblemDetails(error), ...(detail !== undefined && { detail }) };
    super({ ...problem }, problem.status);
    this.retryAfter = problem.retryAfter;
    this.extensions = { ...problem };
  }
}
