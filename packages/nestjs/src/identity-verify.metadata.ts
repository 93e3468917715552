import type { ExecutionContext } from '@nestjs/common';
import type { Outcome } from '@identity-verify/contract';

/** Metadata key of {@link RequireVerifiedIdentityOptions}. */
export const REQUIRE_VERIFIED_IDENTITY = Symbol.for('@identity-verify/nestjs/require-verified-identity');

/** How a route is guarded. */
export interface RequireVerifiedIdentityOptions {
  /** Where the identity comes from. @default the body's `name`, `idCard` and `mobile` */
  readonly from?: (context: ExecutionContext) => unknown;
  /** Which outcomes let the request through. @default ['match'] */
  readonly outcomes?: readonly Outcome[];
}
