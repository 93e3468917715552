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
 * @param name name of the instance. @default the one registered without a name
 */
export function InjectIdentityVerify(name?: string): ReturnType<typeof Inject> {
  return Inject(getIdentityVerifyToken(name));
}

/**
 * Lets a request through only if its identity is verified as a match. Any other outcome is answered with 403 without a
 * reason; a missing answer with 503 (or 422, 429, 504). On a method it overrides the decorator of the class. Costs at
 * most one call per request.
 */
export function RequireVerifiedIdentity(
  options: RequireVerifiedIdentityOptions = {},
): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(REQUIRE_VERIFIED_IDENTITY, options), UseGuards(IdentityVerifyGuard));
}

/** Exempts a handler or a controller from the guard of its class or of the application. */
export function SkipIdentityVerification(): MethodDecorator & ClassDecorator {
  return SetMetadata(REQUIRE_VERIFIED_IDENTITY, SKIPPED);
}

/**
 * Injects the verified identity, normalised, together with its {@link Verification}. Store and use it instead of the
 * body. If several guards use different instances, name one: `@VerifiedIdentity('lending')`; the default is the one whose
 * guard let the request through last.
 *
 * Undefined if no guard has asked, or if `onUnavailable: 'allow'` let the request through without an answer. Also
 * undefined for a WebSocket message that is a plain string: send an object.
 */
export const VerifiedIdentity = createParamDecorator((instance: string | undefined, context: ExecutionContext) =>
  verifiedIdentityOf(context, instance),
);
/** The value that {@link VerifiedIdentity} injects. */
export type VerifiedIdentity = Identified;
