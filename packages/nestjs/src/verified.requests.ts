import type { ExecutionContext } from '@nestjs/common';
import type { Verification } from './verification.types.js';

// Beside the requests rather than on them, so that nothing is added to what a logger prints.
const verifications = new WeakMap<object, Map<string, Verification>>();

/** Remembers by which verification a request was let through. */
export function noteVerification(context: ExecutionContext, instance: string, verification: Verification): void {
  const key = keyOf(context);
  if (!key) return;
  const byInstance = verifications.get(key) ?? new Map<string, Verification>();
  verifications.set(key, byInstance.set(instance, verification));
}

/**
 * The verification by which the guard let this request through: of one instance, or the latest.
 */
export function verificationOf(context: ExecutionContext, instance?: string): Verification | undefined {
  const key = keyOf(context);
  const byInstance = key && verifications.get(key);
  return instance === undefined ? [...(byInstance?.values() ?? [])].at(-1) : byInstance?.get(instance);
}

/**
 * What stands for a request: its arguments. The same objects are handed to guard, interceptor and handler on every
 * platform: the request of HTTP, the arguments of a GraphQL resolver, the data of a message.
 */
function keyOf(context: ExecutionContext): object | undefined {
  return context
    .getArgs<unknown[]>()
    .find((argument): argument is object => typeof argument === 'object' && argument !== null);
}
