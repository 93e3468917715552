/** A constructor that returns its argument, so that a derived class adds its private fields to any object. */
const Stamped = function (target: object): object {
  return target;
} as unknown as new (target: object) => object;

/**
 * Keeps a value on an object that belongs to somebody else, as a private field: nothing enumerates, prints, copies or
 * serialises it. Several times faster than a WeakMap, whose entries also cost the garbage collector.
 */
export class PrivateStamp<T> {
  readonly #field = fieldOf<T>();
  /** For objects that cannot be extended: a coming version of the language refuses private fields on them. */
  readonly #others = new WeakMap<object, T>();

  get(target: object): T | undefined {
    return this.#field.has(target) ? this.#field.read(target) : this.#others.get(target);
  }

  set(target: object, value: T): void {
    if (this.#field.has(target) || Object.isExtensible(target)) this.#field.write(target, value);
    else this.#others.set(target, value);
  }
}

/** A class per stamp, so that two stamps do not see each other's values. */
function fieldOf<T>() {
  return class Field extends Stamped {
    #value: T;

    constructor(target: object, value: T) {
      super(target);
      this.#value = value;
    }

    static has(target: object): boolean {
      return #value in target;
    }

    static read(target: object): T {
      return (target as Field).#value;
    }

    static write(target: object, value: T): void {
      if (#value in target) target.#value = value;
      else Reflect.construct(Field, [target, value]);
    }
  };
}
