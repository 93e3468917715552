import { isRecord, type Rule } from './value.rules.js';

/** Makes the error for a value that breaks a rule, from its path and the rule. */
export type Refuse = (path: string, rule: string) => Error;

/** The properties of an object by name, each read once. */
export type Given = Record<string, unknown>;

const UNREADABLE = 'cannot be read';

/**
 * An unknown name is repeated in the message only if it looks like a misspelt option. Anything else may be a secret.
 */
const OPTION_LIKE = /^[A-Za-z_]{1,40}$/;

/**
 * Reads each property of an object once, so that a getter cannot return another value after the check.
 *
 * Includes every own property, and inherited ones with a known name, because a class may define its options as getters.
 * Omits `undefined`, which must not override a default.
 */
export function readOnce(path: string, value: unknown, known: readonly string[], refuse: Refuse): Given {
  const names = namesOf(value, known);
  if (typeof names === 'string') throw refuse(path, names);
  const given: Given = {};
  for (const name of names) {
    let read: unknown;
    try {
      read = (value as Given)[name];
    } catch {
      throw refuse(OPTION_LIKE.test(name) ? join(path, name) : path, UNREADABLE);
    }
    // defineProperty instead of assignment: `__proto__` must become an ordinary name.
    const property = { value: read, enumerable: true, writable: true, configurable: true };
    if (read !== undefined) Object.defineProperty(given, name, property);
  }
  return given;
}

/** Refuses a property that is not in the list of known names. */
export function refuseUnknown(path: string, given: Given, known: readonly string[], refuse: Refuse): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const options = `the options are ${known.join(', ')}`;
    if (OPTION_LIKE.test(name)) throw refuse(join(path, name), `is not an option; ${options}`);
    throw refuse(path, `has a property that is not an option; ${options}`);
  }
}

/** Refuses the first value that breaks its rule. */
export function refuseBroken(path: string, given: Given, rules: Readonly<Record<string, Rule>>, refuse: Refuse): void {
  for (const [name, rule] of Object.entries(rules)) {
    const broken = brokenBy(rule, given[name]);
    if (broken !== undefined) throw refuse(join(path, name), broken);
  }
}

/** Reads a group of options, checks it, and returns a frozen copy. */
export function readGroup(
  path: string,
  value: unknown,
  rules: Readonly<Record<string, Rule>>,
  refuse: Refuse,
): Readonly<Given> {
  const known = Object.keys(rules);
  const given = readOnce(path, value, known, refuse);
  refuseUnknown(path, given, known, refuse);
  refuseBroken(path, given, rules, refuse);
  return Object.freeze(given);
}

/** Copies and freezes lists and plain objects recursively. Other values are returned as they are. */
export function copyData(path: string, value: unknown, refuse: Refuse): unknown {
  try {
    return copyOf(value);
  } catch {
    throw refuse(path, UNREADABLE);
  }
}

function copyOf(value: unknown): unknown {
  // `Array.from` turns a hole into `undefined`; `every` would skip it.
  if (Array.isArray(value)) return Object.freeze(Array.from(value, copyOf));
  if (!isRecord(value)) return value;
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copyOf(inner)])));
}

function namesOf(value: unknown, known: readonly string[]): ReadonlySet<string> | string {
  try {
    if (!isRecord(value)) return 'must be an object';
    const inherited = known.filter((name) => name in value && !(name in Object.prototype));
    return new Set([...Object.keys(value), ...inherited]);
  } catch {
    return UNREADABLE; // a proxy
  }
}

function brokenBy(rule: Rule, value: unknown): string | undefined {
  try {
    return rule(value);
  } catch {
    return UNREADABLE;
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
