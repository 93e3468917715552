import { Body, Controller, ForbiddenException, Post, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdentityVerifyService, InjectIdentityVerify } from '@identity-verify/nestjs';
import { IdentityDto } from '@identity-verify/nestjs/dto';
import { ThrottlerGuard } from '@nestjs/throttler';
import { ApiIdentityBody, ApiProblems } from '../docs/identity.docs.js';
import { LENDING } from '../identity-verify.options.js';
import { PaidCallGuard } from '../security/paid-call.guard.js';

/** The reply to an applicant. */
export interface LoanApplicationBody {
  readonly accepted: true;
}

/** A department with its own account and budget: a named instance, called without the guard. */
@ApiTags('lending')
@Controller('loan-applications')
@UseGuards(ThrottlerGuard, PaidCallGuard)
export class LendingController {
  constructor(@InjectIdentityVerify(LENDING) private readonly identityVerify: IdentityVerifyService) {}

  @Post()
  @ApiOperation({
    summary: 'The same question on the account and the budget of another department · 用另一部门的账户和预算核验',
  })
  @ApiIdentityBody()
  @ApiResponse({
    status: 201,
    description: 'A match. · 一致。',
    schema: { $ref: '#/components/schemas/LoanApplication' },
  })
  @ApiProblems(403)
  async apply(@Body() identity: IdentityDto): Promise<LoanApplicationBody> {
    const { outcome } = await this.identityVerify.verify(identity, { purpose: 'loan' });
    if (outcome !== 'match') throw new ForbiddenException();
    return { accepted: true };
  }
}
