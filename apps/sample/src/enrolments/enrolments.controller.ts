import { Controller, Post, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireVerifiedIdentity, VerifiedIdentity } from '@identity-verify/nestjs';
import { ThrottlerGuard } from '@nestjs/throttler';
import { ApiIdentityBody, ApiProblems } from '../docs/identity.docs.js';
import { PaidCallGuard } from '../security/paid-call.guard.js';
import { EnrolmentStore } from './enrolment.store.js';
import { SubjectIds } from './subject-id.js';

/** What a person who was let through is told. */
export interface EnrolmentBody {
  /** Who, by a keyed id. */
  readonly subjectId: string;
  /** Whether the account is new; asking again for the same person opens no second one. */
  readonly created: boolean;
  /** ISO 8601. */
  readonly verifiedAt: string;
}

/** A business route: it runs for a match only, and never sees why anybody else was turned away. */
@ApiTags('enrolments')
@Controller('enrolments')
@UseGuards(ThrottlerGuard, PaidCallGuard)
export class EnrolmentsController {
  constructor(
    private readonly subjectIds: SubjectIds,
    private readonly store: EnrolmentStore,
  ) {}

  @Post()
  @RequireVerifiedIdentity({ verify: { purpose: 'enrolment' } })
  @ApiOperation({ summary: 'Open an account for a person who is who they say they are' })
  @ApiIdentityBody()
  @ApiProblems(403, 422, 429, 502, 503, 504)
  async enrol(@VerifiedIdentity() verified: VerifiedIdentity): Promise<EnrolmentBody> {
    // Never from the body, which may spell one person in many ways: full-width digits, blanks, a lower-case x.
    const subjectId = this.subjectIds.of(verified.idCard);
    const created = await this.store.add(subjectId, verified);
    return { subjectId, created, verifiedAt: verified.answeredAt.toISOString() };
  }
}
