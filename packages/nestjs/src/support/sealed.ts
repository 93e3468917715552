import { inspect } from 'node:util';

/** Holds something that no log, no JSON and no inspector is to show: a credential, or options with credentials in them. */
export class Sealed<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** What is inside. */
  open(): T {
    return this.#value;
  }

  toString(): string {
    return '[sealed]';
  }

  toJSON(): string {
    return '[sealed]';
  }

  [inspect.custom](): string {
    return '[sealed]';
  }
}
