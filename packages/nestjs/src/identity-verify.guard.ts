import { ForbiddenException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { IdentityVerifyService } from './identity-verify.service.js';
import { REQUIRE_VERIFIED_IDENTITY, type RequireVerifiedIdentityOptions } from './identity-verify.metadata.js';
import type { Identity } from './identity/identity.check.js';
import type { Verification } from './verification.types.js';

// By request object, so that nothing is written onto a request that some logger prints.
const verifications = new WeakMap<object, Verification>();

/** What a caller is told who is not let through: the same for every outcome, and never which field was wrong. */
const DENIED = 'The identity could not be verified.';

/** Fails closed: without a match the handler does not run. */
@Injectable()
export class IdentityVerifyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly identityVerify: IdentityVerifyService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const options = this.reflector.getAllAndOverride<RequireVerifiedIdentityOptions | undefined>(
      REQUIRE_VERIFIED_IDENTITY,
      [context.getHandler(), context.getClass()],
    );
    const { from = bodyOf, outcomes = ['match'] } = options ?? {};
    const verification = await this.identityVerify.verify(from(context) as Identity);
    if (!outcomes.includes(verification.outcome)) throw new ForbiddenException(DENIED);
    verifications.set(keyOf(context), verification);
    return true;
  }
}

/** The verification that the guard left for this request, if it let it through. */
export function verificationOf(context: ExecutionContext): Verification | undefined {
  return verifications.get(keyOf(context));
}

function bodyOf(context: ExecutionContext): unknown {
  return context.switchToHttp().getRequest<{ body?: unknown }>().body;
}

function keyOf(context: ExecutionContext): object {
  return context.switchToHttp().getRequest<object>();
}
