import { UseFilters, type ExecutionContext } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { IdentityVerifyExceptionFilter, RequireVerifiedIdentity, VerifiedIdentity } from '@identity-verify/nestjs';

@WebSocketGateway()
@UseFilters(IdentityVerifyExceptionFilter)
export class AppGateway {
  @RequireVerifiedIdentity({ from: (context: ExecutionContext) => context.switchToWs().getData<unknown>() })
  @SubscribeMessage('enrol')
  enrol(@VerifiedIdentity() { code, mobile }: VerifiedIdentity): { event: string; data: object } {
    return { event: 'enrolled', data: { mobile, by: code } };
  }
}
