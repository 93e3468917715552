import { Body, Controller, Get, HttpCode, Post, UsePipes, ValidationPipe } from '@nestjs/common';
import {
  IdentityVerifyService,
  RequireVerifiedIdentity,
  VerifiedIdentity,
  type Verification,
} from '@identity-verify/nestjs';
import { IdentityDto } from '@identity-verify/nestjs/dto';

@Controller()
export class AppController {
  constructor(private readonly identityVerify: IdentityVerifyService) {}

  @Post('enrolments')
  @RequireVerifiedIdentity()
  enrol(@VerifiedIdentity() { code }: VerifiedIdentity): { by: string; text: string } {
    return { by: code, text: '核验一致' };
  }

  @Post('verifications')
  @HttpCode(200)
  @UsePipes(new ValidationPipe({ transform: true }))
  verify(@Body() identity: IdentityDto): Promise<Verification> {
    return this.identityVerify.verify(identity);
  }

  @Get('spent')
  async spent(): Promise<{ calls: number }> {
    const { today } = await this.identityVerify.spent();
    return { calls: today.calls };
  }
}
