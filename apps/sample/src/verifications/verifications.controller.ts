import { Body, Controller, HttpCode, Post, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { IdentityVerifyService } from '@identity-verify/nestjs';
import { IdentityDto } from '@identity-verify/nestjs/dto';
import { ThrottlerGuard } from '@nestjs/throttler';
import { ApiIdentityBody, ApiProblems } from '../docs/identity.docs.js';
import { ServerTimingInterceptor } from '../observation/server-timing.interceptor.js';
import { PaidCallGuard } from '../security/paid-call.guard.js';
import { BillingFilter } from './billing.filter.js';
import { toVerificationBody, type VerificationBody } from './verification.body.js';

/**
 * Returns the answer to back offices that may see it. Every outcome is a successful answer, so the status is always
 * 200.
 */
@ApiTags('verifications')
@Controller('verifications')
@UseGuards(ThrottlerGuard, PaidCallGuard)
@UseInterceptors(ServerTimingInterceptor)
@UseFilters(BillingFilter)
export class VerificationsController {
  constructor(private readonly identityVerify: IdentityVerifyService) {}

  // No ValidationPipe: the module validates the three fields, and a second validation could disagree.
  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Do these three belong to one person?' })
  @ApiIdentityBody()
  @ApiProblems(422, 429, 502, 503, 504)
  async verify(@Body() identity: IdentityDto): Promise<VerificationBody> {
    return toVerificationBody(await this.identityVerify.verify(identity, { purpose: 'back office' }));
  }
}
