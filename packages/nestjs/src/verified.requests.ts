import type { ExecutionContext } from '@nestjs/common';
import type { Verification } from './verification.types.js';

interface Noted {
  readonly verification: Verification;
  /** About whom was asked, so that a match of one person never passes for that of another. */
  readonly question: string;
}

// Beside the requests rather than on them, so that nothing is added to what a logger prints.
const noted = new WeakMap<object, Map<string, Noted>>();

/** What tells two questions apart that guards of one invocation ask. */
export function questionOf(identity: unknown, tenant: string | undefined): string {
  const { name, idCard, mobile } = (identity ?? {}) as Readonly<Record<string, unknown>>;
  return JSON.stringify([name, idCard, mobile, tenant]);
}

/** Remembers by which verification an invocation was let through. */
export function noteVerification(
  context: ExecutionContext,
  instance: string,
  verification: Verification,
  question: string,
): void {
  const key = keyOf(context);
  if (!key) return;
  const byInstance = noted.get(key) ?? new Map<string, Noted>();
  noted.set(key, byInstance.set(instance, { verification, question }));
}

/** The verification that an earlier guard of this very invocation has for this very question. */
export function earlierVerification(
  context: ExecutionContext,
  instance: string,
  question: string,
): Verification | undefined {
  const key = keyOf(context);
  const earlier = key && noted.get(key)?.get(instance);
  return earlier?.question === question ? earlier.verification : undefined;
}

/** The verification by which the guard let this invocation through: of one instance, or the latest. */
export function verificationOf(context: ExecutionContext, instance?: string): Verification | undefined {
  const key = keyOf(context);
  const byInstance = key && noted.get(key);
  return (instance === undefined ? [...(byInstance?.values() ?? [])].at(-1) : byInstance?.get(instance))?.verification;
}

/**
 * What stands for one invocation, and for no other: the request of HTTP, the data of a message. Never a WebSocket
 * client or the parent of a GraphQL field, which many invocations share: there it is the message, or the arguments of
 * the field. Undefined where that is no object; then nothing is remembered.
 */
function keyOf(context: ExecutionContext): object | undefined {
  const type: string = context.getType();
  const key = context.getArgs<unknown[]>()[type === 'http' || type === 'rpc' ? 0 : 1];
  return typeof key === 'object' && key !== null ? key : undefined;
}
