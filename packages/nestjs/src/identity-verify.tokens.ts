/** The name of the instance that is registered without one. */
export const DEFAULT_INSTANCE = 'default';

// Symbol.for: two copies of this package in one process (a CommonJS build beside an ES module one) share their tokens.
const token = (what: string, name: string): symbol => Symbol.for(`@identity-verify/nestjs/${what}/${name}`);

/** The token under which the service of an instance is provided and exported. */
export function getIdentityVerifyToken(name: string = DEFAULT_INSTANCE): symbol {
  return token('service', name);
}

/** Not part of the API: the token of the floor under the denials of an instance, for the guard. */
export function getDenialFloorToken(name: string): symbol {
  return token('denial-floor', name);
}

/** Token of the options, sealed: what holds credentials is not to be printed. */
export const IDENTITY_VERIFY_OPTIONS = Symbol.for('@identity-verify/nestjs/options');

/** Token of the transport; override it to carry requests in another way. */
export const IDENTITY_VERIFY_TRANSPORT = Symbol.for('@identity-verify/nestjs/transport');

/** Token of the ledger; override it to claim questions elsewhere. */
export const IDENTITY_VERIFY_LEDGER = Symbol.for('@identity-verify/nestjs/ledger');

/** Token of the clock. */
export const IDENTITY_VERIFY_CLOCK = Symbol.for('@identity-verify/nestjs/clock');

/** Token of the name of the instance. */
export const IDENTITY_VERIFY_NAME = Symbol.for('@identity-verify/nestjs/name');
