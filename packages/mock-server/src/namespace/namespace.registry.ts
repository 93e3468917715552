import {
  NamespaceState,
  SharedBounds,
  ownerKey,
  type NamespaceEnvironment,
  type NamespaceOwner,
} from './namespace.state.js';

/**
 * The namespaces of a server, made when they are first met. Bounded: the one that was quiet for longest is dropped, and
 * from then on a new one says that it may have lost its journal, until it is reset.
 */
export class NamespaceRegistry {
  readonly #environment: NamespaceEnvironment;
  readonly #limit: number;
  readonly #byKey = new Map<string, NamespaceState>();
  readonly #bounds: SharedBounds;
  #dropped = 0;

  constructor(environment: NamespaceEnvironment, limit: number) {
    this.#environment = environment;
    this.#bounds = new SharedBounds(environment.journalSize);
    this.#limit = limit;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** The namespace of an owner. */
  of(owner: NamespaceOwner): NamespaceState {
    const key = ownerKey(owner);
    const known = this.#byKey.get(key);
    if (known) {
      // Re-inserting keeps the map in the order of use; it matters only when the map is nearly full.
      if (this.#byKey.size * 2 > this.#limit) {
        this.#byKey.delete(key);
        this.#byKey.set(key, known);
      }
      return known;
    }
    if (this.#byKey.size >= this.#limit) {
      const quietest = this.#byKey.keys().next();
      if (!quietest.done) this.#drop(quietest.value);
      this.#dropped++;
    }
    const made = new NamespaceState(key, this.#environment, this.#dropped > 0, this.#bounds);
    this.#byKey.set(key, made);
    return made;
  }

  #drop(key: string): void {
    this.#byKey.get(key)?.close();
    this.#byKey.delete(key);
  }

  /** The namespace of an owner who was here before; makes none. */
  peek(owner: NamespaceOwner): NamespaceState | undefined {
    return this.#byKey.get(ownerKey(owner));
  }

  all(): IterableIterator<NamespaceState> {
    return this.#byKey.values();
  }
}
