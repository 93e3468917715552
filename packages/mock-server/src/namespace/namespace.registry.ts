import {
  NamespaceState,
  SharedBounds,
  ownerKey,
  type NamespaceEnvironment,
  type NamespaceOwner,
} from './namespace.state.js';

/**
 * The namespaces of a server, created on first use. Their number is bounded: the registry drops the least recently used
 * one. After that, new namespaces report that their journal may be incomplete until they are reset.
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

  /** Returns the namespace of an owner, and creates it if needed. */
  of(owner: NamespaceOwner): NamespaceState {
    const key = ownerKey(owner);
    const known = this.#byKey.get(key);
    if (known) {
      // Reinsertion keeps the map in order of use. It is needed only if the map is nearly full.
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

  /** Returns the existing namespace of an owner; does not create one. */
  peek(owner: NamespaceOwner): NamespaceState | undefined {
    return this.#byKey.get(ownerKey(owner));
  }

  /** Returns the existing namespace with this hash; does not create one, and does not count as a use. */
  byId(id: string): NamespaceState | undefined {
    for (const state of this.#byKey.values()) if (state.id === id) return state;
    return undefined;
  }

  all(): IterableIterator<NamespaceState> {
    return this.#byKey.values();
  }
}
