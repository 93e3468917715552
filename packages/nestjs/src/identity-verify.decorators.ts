import {
  applyDecorators,
  createParamDecorator,
  Inject,
  SetMetadata,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import { IdentityVerifyGuard } from './identity-verify.guard.js';
import { REQUIRE_VERIFIED_IDENTITY, SKIPPED, type RequireVerifiedIdentityOptions } from './identity-verify.metadata.js';
import { getIdentityVerifyToken } from './identity-verify.tokens.js';
import { verifiedIdentityOf, type VerifiedIdentity as Identified } from './verified.requests.js';

/**
 * Injects the service of an instance.
 *
 * @param name of the instance. @default the one registered without a name
 */
export function InjectIdentityVerify(name?: string): ReturnType<typeof Inject> {
  return Inject(getIdentityVerifyToken(name));
}

/**
 * Lets a request through only when its identity is verified as a match. Anybody else gets 403 without a reason; when
 * there is no answer, 503 (or 422, 429, 504). On a method it overrides what stands on the class. Costs at most one
 * call a request.
 */
export function RequireVerifiedIdentity(
  options: RequireVerifiedIdentityOptions = {},
): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(REQUIRE_VERIFIED_IDENTITY, options), UseGuards(IdentityVerifyGuard));
}

/** Excepts a handler, or a controller, from a guard that stands further out. */
export function SkipIdentityVerification(): MethodDecorator & ClassDecorator {
  return SetMetadata(REQUIRE_VERIFIED_IDENTITY, SKIPPED);
}

/**
 * The identity as it was verified, normalised, together with its {@link Verification}: what to store and to act on,
 * instead of the body. Several guards with different instances: `@VerifiedIdentity('lending')`.
 *
 * Undefined where no guard has asked, and where `onUnavailable: 'allow'` let the request through without an answer. Also
 * undefined for a WebSocket message that is a plain text: send an object.
 *
 * @param instance name of the instance. @default the one whose guard let the request through last
 */
export const VerifiedIdentity = createParamDecorator((instance: string | undefined, context: ExecutionContext) =>
  verifiedIdentityOf(context, instance),
);
/** What {@link VerifiedIdentity} gives. */
export type VerifiedIdentity = Identified;
