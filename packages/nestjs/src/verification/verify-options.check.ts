import { IdentityVerifyOptionsError } from '../errors/identity-verify.error.js';
import type { VerifyOptions } from './verification.types.js';

const NONE: VerifyOptions = Object.freeze({});

type Rule = (value: unknown) => string | undefined;

const text: Rule = (value) => (typeof value === 'string' ? undefined : 'must be a string');

const RULES: { readonly [K in keyof Required<VerifyOptions>]: Rule } = {
  maxAgeMs: (value) =>
    typeof value === 'number' && value >= 0 ? undefined : 'must be a number of milliseconds, 0 or more',
  repeatInDoubt: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
  signal: (value) => (isSignal(value) ? undefined : 'must be an AbortSignal'),
  // Checked later: a wrong tenant has an error of its own.
  tenant: () => undefined,
  purpose: text,
  consentRef: text,
};

/**
 * Checks the second argument of `verify`. A wrong `maxAgeMs` or `repeatInDoubt` could pay again, so an argument that is
 * not as documented is refused before anything is claimed.
 *
 * @returns a copy without the properties that are undefined
 * @throws {IdentityVerifyOptionsError} IDV_ARGUMENT_INVALID; the message names the argument and never its value
 */
export function checkVerifyOptions(how: unknown): VerifyOptions {
  if (how === undefined) return NONE;
  if (typeof how !== 'object' || how === null || Array.isArray(how))
    throw refuse('the second argument must be an object');
  const checked: Record<string, unknown> = {};
  for (const name of namesOf(how)) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name as keyof VerifyOptions] : undefined;
    if (!rule) throw refuse(`there is no such option; the options are ${Object.keys(RULES).join(', ')}`);
    const value = read(how, name);
    if (value === undefined) continue;
    const broken = rule(value);
    if (broken !== undefined) throw refuse(`${name} ${broken}`);
    checked[name] = value;
  }
  return checked;
}

function namesOf(how: object): string[] {
  try {
    return Object.keys(how);
  } catch {
    throw refuse('the second argument cannot be read');
  }
}

function read(how: object, name: string): unknown {
  try {
    return (how as Record<string, unknown>)[name];
  } catch {
    throw refuse(`${name} cannot be read`);
  }
}

function isSignal(value: unknown): value is AbortSignal {
  if (typeof value !== 'object' || value === null) return false;
  const { aborted, addEventListener, removeEventListener } = value as Partial<AbortSignal>;
  return (
    typeof aborted === 'boolean' && typeof addEventListener === 'function' && typeof removeEventListener === 'function'
  );
}

function refuse(detail: string): IdentityVerifyOptionsError {
  return new IdentityVerifyOptionsError('IDV_ARGUMENT_INVALID', { detail });
}
