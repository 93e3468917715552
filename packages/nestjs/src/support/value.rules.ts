/** Returns undefined for a valid value, otherwise the requirement. The text never repeats the value. */
export type Rule = (value: unknown) => string | undefined;
/** One rule for each option of a group. */
export type Rules<T> = { readonly [K in keyof Required<T>]: Rule };

/** Makes a rule that also accepts undefined. */
export const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined ? undefined : rule(value);
/** An integer from `min` to `max`. */
export const integer = (min: number, max: number): Rule =>
  optional((value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`,
  );
/** A number from `min` to `max`. */
export const number = (min: number, max: number): Rule =>
  optional((value) =>
    typeof value === 'number' && value >= min && value <= max ? undefined : `must be a number from ${min} to ${max}`,
  );
/** A boolean. */
export const boolean: Rule = optional((value) => (typeof value === 'boolean' ? undefined : 'must be true or false'));
/** An object with these methods. */
export const methods = (...names: string[]): Rule =>
  optional((value) =>
    isObject(value) && names.every((name) => typeof value[name] === 'function')
      ? undefined
      : `must be an object with the methods ${names.join(', ')}`,
  );
/** A list that is not empty and has no duplicates. */
export const listOf = (what: string, accepts: (item: unknown) => boolean): Rule =>
  optional((value) =>
    Array.isArray(value) && value.length > 0 && value.every(accepts) && new Set(value).size === value.length
      ? undefined
      : `must be a list of ${what}, not empty, without duplicates`,
  );

/** A function. */
export const aFunction: Rule = optional((value) => (typeof value === 'function' ? undefined : 'must be a function'));

/** Makes a rule that refuses undefined. */
export function required(rule: Rule): Rule {
  return (value) => (value === undefined ? 'is missing' : rule(value));
}

/** An object that is not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * An object that can hold options: a literal, an instance of a class, or a module. Maps, promises and boxed numbers are
 * refused: they have no properties of their own, so each would pass as a group without options.
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return ['[object Object]', '[object Module]'].includes(Object.prototype.toString.call(value));
}
