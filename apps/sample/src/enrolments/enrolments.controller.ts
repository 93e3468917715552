import { Controller, Post } from '@nestjs/common';
import { RequireVerifiedIdentity, VerifiedIdentity, type Verification } from '@identity-verify/nestjs';

/** What a person who was let through is told. */
export interface EnrolmentBody {
  readonly enrolled: true;
  /** ISO 8601. */
  readonly verifiedAt: string;
}

/** A business route: it runs for a match only, and never sees why anybody else was turned away. */
@Controller('enrolments')
export class EnrolmentsController {
  @Post()
  @RequireVerifiedIdentity()
  enrol(@VerifiedIdentity() { answeredAt }: Verification): EnrolmentBody {
    return { enrolled: true, verifiedAt: answeredAt.toISOString() };
  }
}
