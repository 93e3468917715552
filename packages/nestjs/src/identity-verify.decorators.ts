import {
  applyDecorators,
  createParamDecorator,
  Inject,
  SetMetadata,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import { IdentityVerifyGuard, verificationOf } from './identity-verify.guard.js';
import { REQUIRE_VERIFIED_IDENTITY, type RequireVerifiedIdentityOptions } from './identity-verify.metadata.js';
import { getIdentityVerifyToken } from './identity-verify.tokens.js';

/** Injects the service of a named instance. @param name default: the instance registered without a name */
export function InjectIdentityVerify(name?: string): ReturnType<typeof Inject> {
  return Inject(getIdentityVerifyToken(name));
}

/**
 * Lets a request through only when its identity is verified as a match. Anybody else gets 403 without a reason; when
 * there is no answer, 503 (or 422, 429, 504). Costs at most one call a request.
 */
export function RequireVerifiedIdentity(
  options: RequireVerifiedIdentityOptions = {},
): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(REQUIRE_VERIFIED_IDENTITY, options), UseGuards(IdentityVerifyGuard));
}

/** The verification by which the guard let the request through. Holds no name, number or mobile. */
export const VerifiedIdentity = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  verificationOf(context),
);
