import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import {
  IdentityVerifyService,
  InjectIdentityVerify,
  RequireVerifiedIdentity,
  VerifiedIdentity,
  type Verification,
} from '@identity-verify/nestjs';
import { IdentityDto } from '@identity-verify/nestjs/dto';

@Controller()
export class AppController {
  constructor(
    private readonly identityVerify: IdentityVerifyService,
    @InjectIdentityVerify('lending') private readonly lending: IdentityVerifyService,
  ) {}

  @Post('verifications')
  @HttpCode(200)
  verify(@Body() identity: IdentityDto): Promise<Verification> {
    return this.identityVerify.verify(identity);
  }

  @Post('enrolments')
  @RequireVerifiedIdentity()
  enrol(@VerifiedIdentity() { code, mobile }: VerifiedIdentity): { mobile: string; by: string } {
    return { mobile, by: code };
  }

  @Post('loans')
  @RequireVerifiedIdentity({ instance: 'lending' })
  async lend(): Promise<{ spent: number }> {
    const { today } = await this.lending.spent();
    return { spent: today.calls };
  }
}
