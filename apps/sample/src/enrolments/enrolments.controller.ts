import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  IdentityDto,
  normaliseIdNumber,
  RequireVerifiedIdentity,
  VerifiedIdentity,
  type Verification,
} from '@identity-verify/nestjs';
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
  async enrol(@Body() { idCard }: IdentityDto, @VerifiedIdentity() verification: Verification): Promise<EnrolmentBody> {
    const subjectId = this.subjectIds.of(normaliseIdNumber(idCard));
    const created = await this.store.add(subjectId, verification);
    return { subjectId, created, verifiedAt: verification.answeredAt.toISOString() };
  }
}
