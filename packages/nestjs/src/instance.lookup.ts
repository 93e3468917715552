import { ModulesContainer, type ModuleRef } from '@nestjs/core';
import { DenialFloor } from './support/denial.floor.js';
import { IdentityVerifyOptionsError } from './errors/identity-verify.error.js';
import type { IdentityVerifyService } from './identity-verify.service.js';
import { getDenialFloorToken, getIdentityVerifyToken } from './identity-verify.tokens.js';

const SCOPED =
  'depends on a request-scoped or transient provider, but an instance is created once, when the application starts; ' +
  'inject singletons into its options, and use `tenants` if each request has its own account';

/** Detail of the error for an instance that the whole application cannot share. */
export function scopedDetail(instance: string): string {
  return `the instance "${instance}" ${SCOPED}`;
}

/** Detail of the error for an instance that is not registered. */
export function unregisteredDetail(who: string, instance: string): string {
  return `${who} asks for the instance "${instance}", which is not registered; register it with IdentityVerifyModule`;
}

/**
 * Returns the service of an instance, wherever in the application it is registered.
 *
 * @param who names the caller in the message
 * @throws {IdentityVerifyOptionsError} when it is not registered, or cannot be shared
 */
export function findInstance(moduleRef: ModuleRef, instance: string, who: string): IdentityVerifyService {
  const token = getIdentityVerifyToken(instance);
  try {
    return moduleRef.get<IdentityVerifyService>(token, { strict: false });
  } catch {
    const registered = isRegistered(moduleRef.get(ModulesContainer, { strict: false }), token);
    throw optionsError(registered ? scopedDetail(instance) : unregisteredDetail(who, instance));
  }
}

/** Returns the denial floor of an instance; undefined if the service is not provided by the module. */
export function findDenialFloor(moduleRef: ModuleRef, instance: string): DenialFloor | undefined {
  try {
    return moduleRef.get<DenialFloor>(getDenialFloorToken(instance), { strict: false });
  } catch {
    return undefined;
  }
}

/** Returns whether any module provides a token. */
export function isRegistered(modules: ModulesContainer, token: symbol): boolean {
  return [...modules.values()].some(({ providers }) => providers.has(token));
}

/** Makes a configuration error. */
export function optionsError(detail: string): IdentityVerifyOptionsError {
  return new IdentityVerifyOptionsError('IDV_OPTIONS_INVALID', { detail });
}
