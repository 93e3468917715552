/** A rule: undefined when the value is good, otherwise what is required. It never repeats the value. */
export type Rule = (value: unknown) => string | undefined;
/** A rule for every option of a group. */
export type Rules<T> = { readonly [K in keyof Required<T>]: Rule };

/** A rule for what may be left out. */
export const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined ? undefined : rule(value);
/** A whole number within bounds. */
export const integer = (min: number, max: number): Rule =>
  optional((value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`,
  );
/** A number within bounds. */
export const number = (min: number, max: number): Rule =>
  optional((value) =>
    typeof value === 'number' && value >= min && value <= max ? undefined : `must be a number from ${min} to ${max}`,
  );
/** True or false. */
export const boolean: Rule = optional((value) => (typeof value === 'boolean' ? undefined : 'must be true or false'));
/** An object that can do something. */
export const methods = (...names: string[]): Rule =>
  optional((value) =>
    isObject(value) && names.every((name) => typeof value[name] === 'function')
      ? undefined
      : `must be an object with the methods ${names.join(', ')}`,
  );
/** A list that is not empty, without duplicates. */
export const listOf = (what: string, accepts: (item: unknown) => boolean): Rule =>
  optional((value) =>
    Array.isArray(value) && value.length > 0 && value.every(accepts) && new Set(value).size === value.length
      ? undefined
      : `must be a list of ${what}, not empty, without duplicates`,
  );

/** A function. */
export const aFunction: Rule = optional((value) => (typeof value === 'function' ? undefined : 'must be a function'));

/** A rule for what must not be left out. */
export function required(rule: Rule): Rule {
  return (value) => (value === undefined ? 'is missing' : rule(value));
}

/** Any object but a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * An object that can hold options: a literal, an instance of a class, or a module. A Map, a Promise or a boxed number
 * has no properties of its own, so it would look like a group without a single option.
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return ['[object Object]', '[object Module]'].includes(Object.prototype.toString.call(value));
}
