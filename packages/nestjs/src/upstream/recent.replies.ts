/** The last ids of one kind; the oldest one makes room. */
class IdMemory {
  readonly #known = new Set<string>();
  readonly #ring: string[] = [];
  #next = 0;

  constructor(readonly max: number) {}

  /** Remembers an id. @returns whether it was known already */
  isKnown(id: string): boolean {
    const key = id.toUpperCase();
    if (this.#known.has(key)) return true;
    const oldest = this.#ring[this.#next];
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#ring[this.#next] = key;
    this.#next = (this.#next + 1) % this.max;
    this.#known.add(key);
    return false;
  }
}

const byTransport = new WeakMap<object, RecentReplies>();

/**
 * The seqNos and request ids of the last replies. Both are unique per call, so a reply with one that is known was sent
 * twice, and does not answer the question that has just been asked. Upper and lower case are the same.
 */
export class RecentReplies {
  readonly #seqNos: IdMemory;
  readonly #requestIds: IdMemory;

  /** The replies that came by a transport. Instances that share a transport share its connections too. */
  static on(transport: object): RecentReplies {
    let replies = byTransport.get(transport);
    if (!replies) byTransport.set(transport, (replies = new RecentReplies()));
    return replies;
  }

  /** @param max how many ids of each kind are remembered: about 100 bytes each */
  constructor(max = 10_000) {
    this.#seqNos = new IdMemory(max);
    this.#requestIds = new IdMemory(max);
  }

  /** Remembers a seqNo. @returns whether a reply had it before */
  hasSeqNo(seqNo: string): boolean {
    return this.#seqNos.isKnown(seqNo);
  }

  /** Remembers a request id. @returns whether a reply had it before */
  hasRequestId(requestId: string): boolean {
    return this.#requestIds.isKnown(requestId);
  }
}
