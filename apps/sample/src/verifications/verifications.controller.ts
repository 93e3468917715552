import { Body, Controller, HttpCode, Post, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdentityVerifyService } from '@identity-verify/nestjs';
import { IdentityDto } from '@identity-verify/nestjs/dto';
import { ThrottlerGuard } from '@nestjs/throttler';
import { ApiIdentityBody, ApiProblems } from '../docs/identity.docs.js';
import { ServerTimingInterceptor } from '../observation/server-timing.interceptor.js';
import { PaidCallGuard } from '../security/paid-call.guard.js';
import { BillingFilter } from './billing.filter.js';
import { CallerSignal } from './caller-signal.js';
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
  @ApiOperation({ summary: 'Do these three belong to one person? · 三项信息是否属于同一个人' })
  @ApiIdentityBody()
  @ApiResponse({
    status: 200,
    description: 'An answer, whichever the outcome. · 有结果，无论是否一致。',
    schema: { $ref: '#/components/schemas/Verification' },
  })
  @ApiProblems()
  async verify(@Body() identity: IdentityDto, @CallerSignal() signal: AbortSignal): Promise<VerificationBody> {
    return toVerificationBody(await this.identityVerify.verify(identity, { purpose: 'back office', signal }));
  }
}
