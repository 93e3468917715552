import type { ExecutionContext } from '@nestjs/common';
import type { Identity } from './identity/identity.check.js';
import { PrivateStamp } from './support/private.stamp.js';
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
  readonly instance: string;
  readonly verification: Verification;
  readonly identity: Identity;
  /** As the guard named it; never equal to another if it is no text. */
  readonly tenant: unknown;
}

/** What the guards of one invocation have noted, the latest last. One note for each instance. */
const noted = new PrivateStamp<readonly Noted[]>();

/** Records the verification that let an invocation through, as the latest one. */
export function noteVerification(context: ExecutionContext, note: Noted): void {
  const key = keyOf(context);
  if (!key) return;
  const others = noted.get(key)?.filter(({ instance }) => instance !== note.instance);
  noted.set(key, others ? [...others, note] : [note]);
}

/** Removes the verification of an instance, after a guard let the invocation through without an answer. */
export function dropVerification(context: ExecutionContext, instance: string): void {
  const key = keyOf(context);
  const notes = key && noted.get(key);
  if (notes)
    noted.set(
      key,
      notes.filter((note) => note.instance !== instance),
    );
}

/**
 * Returns the verification that an earlier guard of this invocation has for the same question: a match of one person
 * never passes for that of another. Accepts a tenant that is a text or undefined.
 */
export function earlierVerification(
  context: ExecutionContext,
  instance: string,
  { name, idCard, mobile }: Identity,
  tenant: unknown,
): Verification | undefined {
  const earlier = notedOf(context, instance);
  if (!earlier || (tenant !== undefined && typeof tenant !== 'string')) return undefined;
  const { identity } = earlier;
  const isSame =
    identity.name === name && identity.idCard === idCard && identity.mobile === mobile && earlier.tenant === tenant;
  return isSame ? earlier.verification : undefined;
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
  const notes = key && noted.get(key);
  return instance === undefined ? notes?.at(-1) : notes?.find((note) => note.instance === instance);
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
