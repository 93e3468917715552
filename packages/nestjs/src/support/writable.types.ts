/** An object that is being made: the same fields, not yet read-only. */
export type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
