/** The name of the instance that is registered without one. */
export const DEFAULT_INSTANCE = 'default';

// Symbol.for, so that two copies of this package in one process (a CommonJS build beside an ES module one) share their
// tokens.
const token = (what: string, name: string): symbol => Symbol.for(`@identity-verify/nestjs/${what}/${name}`);

/** Returns the injection token of an instance's service. */
export function getIdentityVerifyToken(name: string = DEFAULT_INSTANCE): symbol {
  return token('service', name);
}

/** Internal: returns the token of the denial floor of an instance, for the guard. */
export function getDenialFloorToken(name: string): symbol {
  return token('denial-floor', name);
}

/** Token of the options. Sealed, because they contain credentials. */
export const IDENTITY_VERIFY_OPTIONS = Symbol.for('@identity-verify/nestjs/options');

/** Token of the transport. Override it to send requests in another way. */
export const IDENTITY_VERIFY_TRANSPORT = Symbol.for('@identity-verify/nestjs/transport');

/** Token of the ledger. Override it to use another store. */
export const IDENTITY_VERIFY_LEDGER = Symbol.for('@identity-verify/nestjs/ledger');

/** Token of the clock. */
export const IDENTITY_VERIFY_CLOCK = Symbol.for('@identity-verify/nestjs/clock');

/** Token of the name of the instance. */
export const IDENTITY_VERIFY_NAME = Symbol.for('@identity-verify/nestjs/name');
