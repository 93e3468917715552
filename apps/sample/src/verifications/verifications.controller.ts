import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { IdentityDto, IdentityVerifyService } from '@identity-verify/nestjs';
import { toVerificationBody, type VerificationBody } from './verification.body.js';

/** Asks, and tells the answer: for back offices that may see it. An outcome is an answer, so it is 200 whichever it is. */
@Controller('verifications')
export class VerificationsController {
  constructor(private readonly identityVerify: IdentityVerifyService) {}

  // No ValidationPipe: the module checks the three fields itself, and a second opinion could only differ from it.
  @Post()
  @HttpCode(200)
  async verify(@Body() identity: IdentityDto): Promise<VerificationBody> {
    return toVerificationBody(await this.identityVerify.verify(identity));
  }
}
