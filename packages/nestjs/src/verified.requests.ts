import type { ExecutionContext } from '@nestjs/common';
import type { Identity } from './identity/identity.check.js';
import type { Verification } from './verification/verification.types.js';

/**
 * An answer together with the verified identity, normalised as it was sent: half-width digits, no blanks. Store these
 * three fields instead of the body, which can spell one person in many ways.
 *
 * Only the fields of {@link Verification} are enumerable: JSON, inspectors, loggers and a copy made with
 * `{ ...verified }` contain no name and no number. Read the three fields by name.
 */
export interface VerifiedIdentity extends Verification, Identity {}

interface Noted {
  readonly verification: Verification;
  readonly identity: Identity;
  /** Identifies the person, so that a match of one person never passes for that of another. */
  readonly question: string | undefined;
}

// A WeakMap instead of a property of the request, so that a logger does not print it.
const noted = new WeakMap<object, Map<string, Noted>>();

/**
 * Identifies a question among those that the guards of one invocation ask. Accepts strings only: another value may be
 * nested without end, and has no key.
 */
export function questionOf({ name, idCard, mobile }: Identity, tenant: unknown): string | undefined {
  if (tenant !== undefined && typeof tenant !== 'string') return undefined;
  return JSON.stringify([name, idCard, mobile, tenant]);
}

/** Records the verification that let an invocation through, as the latest one. */
export function noteVerification(context: ExecutionContext, instance: string, note: Noted): void {
  const key = keyOf(context);
  if (!key) return;
  const byInstance = noted.get(key) ?? new Map<string, Noted>();
  byInstance.delete(instance);
  noted.set(key, byInstance.set(instance, note));
}

/** Removes the verification of an instance, after a guard let the invocation through without an answer. */
export function dropVerification(context: ExecutionContext, instance: string): void {
  const key = keyOf(context);
  if (key) noted.get(key)?.delete(instance);
}

/** Returns the verification that an earlier guard of this invocation has for the same question. */
export function earlierVerification(
  context: ExecutionContext,
  instance: string,
  question: string | undefined,
): Verification | undefined {
  const earlier = notedOf(context, instance);
  return earlier && question !== undefined && earlier.question === question ? earlier.verification : undefined;
}

/** Returns the verification that let this invocation through: of one instance, or the latest. */
export function verificationOf(context: ExecutionContext, instance?: string): Verification | undefined {
  return notedOf(context, instance)?.verification;
}

/** The same, together with the normalised identity. */
export function verifiedIdentityOf(context: ExecutionContext, instance?: string): VerifiedIdentity | undefined {
  const note = notedOf(context, instance);
  if (!note) return undefined;
  const { name, idCard, mobile } = note.identity;
  return Object.defineProperties({ ...note.verification } as VerifiedIdentity, {
    name: { get: () => name, enumerable: false },
    idCard: { get: () => idCard, enumerable: false },
    mobile: { get: () => mobile, enumerable: false },
  });
}

function notedOf(context: ExecutionContext, instance: string | undefined): Noted | undefined {
  const key = keyOf(context);
  const byInstance = key && noted.get(key);
  return instance === undefined ? [...(byInstance?.values() ?? [])].at(-1) : byInstance?.get(instance);
}

/**
 * Returns an object that identifies one invocation. Never a WebSocket client, the parent of a GraphQL field or the
 * context of a GraphQL operation, which many invocations share. Undefined if there is no such object, as for a
 * WebSocket message that is a plain string; then nothing is recorded.
 */
function keyOf(context: ExecutionContext): object | undefined {
  const args = context.getArgs<unknown[]>();
  switch (context.getType<string>()) {
    case 'http':
      return objectOf(args[0]);
    case 'rpc':
      return objectOf(args[0]) ?? objectOf(args[1]); // the data, or the context of a message whose data is a string
    case 'graphql':
      return objectOf(args.length > 3 ? args[1] : args[0]); // the arguments of the field, or the reference to resolve
    default:
      return objectOf(args[1]); // the message
  }
}

function objectOf(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}
