import { Controller, Post, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireVerifiedIdentity, VerifiedIdentity } from '@identity-verify/nestjs';
import { ThrottlerGuard } from '@nestjs/throttler';
import { ApiIdentityBody, ApiProblems } from '../docs/identity.docs.js';
import { PaidCallGuard } from '../security/paid-call.guard.js';
import { EnrolmentStore } from './enrolment.store.js';
import { SubjectIds } from './subject-id.js';

/** The reply to a verified person. */
export interface EnrolmentBody {
  /** Keyed id of the person. */
  readonly subjectId: string;
  /** True if the account is new. A person has at most one account. */
  readonly created: boolean;
  /** ISO 8601. */
  readonly verifiedAt: string;
}

/** A business route behind the guard. It runs only for a match and does not see why others were refused. */
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
  @ApiOperation({ summary: 'Open an account for a person who is who they say they are · 为通过核验的人开户' })
  @ApiIdentityBody()
  @ApiResponse({
    status: 201,
    description: 'A match: the account was opened, or exists. · 一致：已开户，或账户已存在。',
    schema: { $ref: '#/components/schemas/Enrolment' },
  })
  @ApiProblems(403)
  async enrol(@VerifiedIdentity() verified: VerifiedIdentity): Promise<EnrolmentBody> {
    // Uses the normalised ID number. The body can spell the same number with full-width digits, spaces or a lower-case
    // x.
    const subjectId = this.subjectIds.of(verified.idCard);
    const created = await this.store.add(subjectId, verified);
    return { subjectId, created, verifiedAt: verified.answeredAt.toISOString() };
  }
}
