/** The most recent ids of one kind. A new id replaces the oldest. */
class IdMemory {
  readonly #known = new Set<string>();
  readonly #ring: string[] = [];
  #next = 0;

  constructor(readonly max: number) {}

  /** Records an id. @returns whether it was already known */
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
 * The seqNos and request ids of recent replies. Both are unique per call, so a reply with a known id was sent twice and
 * does not answer the current question. Case is ignored.
 */
export class RecentReplies {
  readonly #seqNos: IdMemory;
  readonly #requestIds: IdMemory;

  /** Returns the replies of a transport. Instances that share a transport share its connections too. */
  static on(transport: object): RecentReplies {
    let replies = byTransport.get(transport);
    if (!replies) byTransport.set(transport, (replies = new RecentReplies()));
    return replies;
  }

  /** @param max maximum number of ids of each kind, of about 100 bytes each */
  constructor(max = 10_000) {
    this.#seqNos = new IdMemory(max);
    this.#requestIds = new IdMemory(max);
  }

  /** Records a seqNo. @returns whether an earlier reply had it */
  hasSeqNo(seqNo: string): boolean {
    return this.#seqNos.isKnown(seqNo);
  }

  /** Records a request id. @returns whether an earlier reply had it */
  hasRequestId(requestId: string): boolean {
    return this.#requestIds.isKnown(requestId);
  }
}
