import type { Outcome } from '@identity-verify/contract';
import type { ExecutionContext } from '@nestjs/common';
import type { VerifyOptions } from './verification/verification.types.js';

/** Metadata key of {@link RequireVerifiedIdentityOptions} or `SKIPPED`. */
export const REQUIRE_VERIFIED_IDENTITY = Symbol.for('@identity-verify/nestjs/require-verified-identity');

/** Metadata value that turns off the guard of the class or of the application. */
export const SKIPPED = 'skip';

/** Options of a guarded handler. */
export interface RequireVerifiedIdentityOptions {
  /**
   * Returns the identity. GraphQL, WebSocket and microservice handlers take it from their arguments.
   * @default the body's `name`, `idCard` and `mobile`
   */
  readonly from?: ((context: ExecutionContext) => unknown) | undefined;
  /** Outcomes that let the request through. @default ['match'] */
  readonly outcomes?: readonly Outcome[] | undefined;
  /** Name of the instance to ask. @default the one registered without a name */
  readonly instance?: string | undefined;
  /**
   * Behaviour without an answer. `deny` fails closed. `allow` lets the request through **unverified** while the
   * upstream, the network or the ledger is down, logs it, and leaves `@VerifiedIdentity()` undefined. A request that a
   * limit refused, that is in doubt or that is not well-formed is denied all the same.
   * @default 'deny'
   */
  readonly onUnavailable?: 'deny' | 'allow' | undefined;
  /** Options of the question: `maxAgeMs`, `purpose` and so on. */
  readonly verify?: Omit<VerifyOptions, 'signal' | 'tenant'> | undefined;
}
