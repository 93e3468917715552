import { isRecord, type Rule } from './value.rules.js';

/** Makes the error for a broken rule, from the path of a value and what is required of it. */
export type Refuse = (path: string, rule: string) => Error;

/** Properties by name, each read once. */
export type Given = Record<string, unknown>;

const UNREADABLE = 'cannot be read';

/** Unknown names are repeated only when they can be a misspelt option: anything else may be a misplaced secret. */
const OPTION_LIKE = /^[A-Za-z_]{1,40}$/;

/**
 * Reads an object once, so that a getter cannot return something else after the check. Takes every own property, and
 * of inherited ones those with a known name: a class may define its options as getters. Leaves out `undefined`, which
 * never overrides a default.
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
    // Defined, not assigned: `__proto__` is a name like any other.
    const property = { value: read, enumerable: true, writable: true, configurable: true };
    if (read !== undefined) Object.defineProperty(given, name, property);
  }
  return given;
}

/** Refuses what is not in the list of known names. */
export function refuseUnknown(path: string, given: Given, known: readonly string[], refuse: Refuse): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const options = `there are ${known.join(', ')}`;
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

/** Reads a group of options, checks it, and returns a copy that nobody can change. */
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

/** Copies lists and plain objects to the bottom; everything else is taken as it is. */
export function copyData(path: string, value: unknown, refuse: Refuse): unknown {
  try {
    return copyOf(value);
  } catch {
    throw refuse(path, UNREADABLE);
  }
}

function copyOf(value: unknown): unknown {
  // `from` turns a hole into `undefined`: `every` would skip it.
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
