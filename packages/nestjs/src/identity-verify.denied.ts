import { ForbiddenException } from '@nestjs/common';

/**
 * The guard turned a request away: 403. Says the same for a mismatch, for no record and for an indeterminate answer,
 * and never which field was wrong.
 */
export class IdentityDeniedException extends ForbiddenException {
  constructor() {
    super({ ...DENIED_PROBLEM });
  }
}

/** The body, after RFC 9457. */
export const DENIED_PROBLEM = {
  type: 'urn:identity-verify:denied',
  title: 'The identity could not be verified',
  status: 403,
} as const;
