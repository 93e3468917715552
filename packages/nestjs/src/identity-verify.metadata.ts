import type { Outcome } from '@identity-verify/contract';
import type { ExecutionContext } from '@nestjs/common';
import type { VerifyOptions } from './verification/verification.types.js';

/** Metadata key of {@link RequireVerifiedIdentityOptions}, or of {@link SKIPPED}. */
export const REQUIRE_VERIFIED_IDENTITY = Symbol.for('@identity-verify/nestjs/require-verified-identity');

/** What stands under the key where a guard of the class or of the application is not to ask. */
export const SKIPPED = 'skip';

/** How a handler is guarded. */
export interface RequireVerifiedIdentityOptions {
  /**
   * Where the identity comes from. For GraphQL, WebSocket and microservice handlers: take it from their arguments.
   * @default the body's `name`, `idCard` and `mobile`
   */
  readonly from?: ((context: ExecutionContext) => unknown) | undefined;
  /** Which outcomes let the request through. @default ['match'] */
  readonly outcomes?: readonly Outcome[] | undefined;
  /** Name of the instance that is asked. @default the one registered without a name */
  readonly instance?: string | undefined;
  /**
   * What happens when there is no answer: `deny` fails closed. `allow` lets the request through **unverified** while
   * the upstream, the network or the ledger is down, logs it, and leaves `@VerifiedIdentity()` undefined. What a limit
   * stopped, what is in doubt and what is not well-formed is denied all the same.
   * @default 'deny'
   */
  readonly onUnavailable?: 'deny' | 'allow' | undefined;
  /** How the question is asked: `maxAgeMs`, `purpose` and so on. */
  readonly verify?: Omit<VerifyOptions, 'signal' | 'tenant'> | undefined;
}
