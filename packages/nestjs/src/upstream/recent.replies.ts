/**
 * The most recent ids of one kind, in two halves. When the younger half is full, it replaces the older one: to delete ids
 * one by one takes several times as long.
 */
class IdMemory {
  #younger = new Set<string>();
  #older: ReadonlySet<string> = new Set();

  constructor(readonly half: number) {}

  /** Records an id. @returns whether it was already known */
  isKnown(id: string): boolean {
    const key = id.toUpperCase();
    if (this.#younger.has(key) || this.#older.has(key)) return true;
    if (this.#younger.size === this.half) {
      this.#older = this.#younger;
      this.#younger = new Set();
    }
    this.#younger.add(key);
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

  /** @param least number of ids of each kind that are surely known; at most twice as many are, of about 100 bytes each */
  constructor(least = 10_000) {
    this.#seqNos = new IdMemory(least);
    this.#requestIds = new IdMemory(least);
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
