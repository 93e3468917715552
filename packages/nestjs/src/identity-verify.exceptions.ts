import { ForbiddenException, HttpException } from '@nestjs/common';
import type { IdentityVerifyError } from './errors/identity-verify.error.js';
import { toProblemDetails } from './problem-details/problem-details.js';

/** The body, after RFC 9457. */
export const DENIED_PROBLEM = {
  type: 'urn:identity-verify:denied',
  title: 'The identity could not be verified',
  status: 403,
  code: 'IDV_DENIED',
} as const;

/**
 * The guard turned a request away: 403. Says the same for a mismatch, for no record and for an indeterminate answer,
 * and never which field was wrong.
 */
export class IdentityDeniedException extends ForbiddenException {
  /** What GraphQL puts beside the message. */
  readonly extensions: Readonly<Record<string, unknown>> = DENIED_PROBLEM;

  constructor() {
    super({ ...DENIED_PROBLEM });
  }
}

/** There is no answer: what the caller is told, never a 403, because nothing was found out about the person. */
export class IdentityUnavailableException extends HttpException {
  /** When asking again makes sense, in seconds. */
  readonly retryAfter: number | undefined;
  /** What GraphQL puts beside the message. */
  readonly extensions: Readonly<Record<string, unknown>>;

  /** @param detail a sentence for the caller, without a value of the request */
  constructor(error: IdentityVerifyError, detail?: string) {
    const problem = { ...toProblemDetails(error), ...(detail !== undefined && { detail }) };
    super({ ...problem }, problem.status);
    this.retryAfter = problem.retryAfter;
    this.extensions = { ...problem };
  }
}
