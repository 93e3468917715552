import { ManualClock } from '../testing/manual.clock.js';
import { grantOf, LedgerGate } from './ledger.gate.js';
import type { ClaimAnswer, ClaimRequest, Ledger, Settlement } from './ledger.port.js';
import { LocalFallback } from './local.fallback.js';
import { MemoryLedger } from './memory.ledger.js';
import { StoreBreaker } from './store.breaker.js';
import { WriteBack, type WriteBackResult } from './write.back.js';

export const MINUTE = 60_000;
export const DAY = 86_400_000;
export const LEASE = 10_000;
export const TTL = 60 * DAY;

/** How one process reaches the store. `loses`: the store does what it is told, and its reply is lost. */
export type Link = 'up' | 'refuses' | 'hangs' | 'loses';

/** A process that shares the store. */
export class Instance {
  link: Link = 'up';
  readonly results: WriteBackResult[] = [];
  readonly breaker: StoreBreaker;
  readonly front: LocalFallback;
  readonly writeBack: WriteBack;
  readonly #hanging: (() => void)[] = [];

  constructor(
    readonly clock: ManualClock,
    readonly store: MemoryLedger,
    instances: number,
    maxEntries = 1_000,
  ) {
    this.breaker = new StoreBreaker(clock);
    const gate = new LedgerGate(this.#reached(), clock, 50, this.breaker);
    const lifetimeOf = () => TTL;
    this.front = new LocalFallback({ clock, gate, breaker: this.breaker, instances, maxEntries, lifetimeOf });
    this.writeBack = new WriteBack({
      clock,
      ledger: { settle: (each) => this.front.writeLate(each), release: (each) => this.front.release(each) },
      local: this.front,
      capacity: maxEntries,
      onResult: (result) => this.results.push(result),
    });
  }

  /** The store answers again, first to what it was told while it hung. */
  connect(): void {
    this.link = 'up';
    for (const run of this.#hanging.splice(0)) run();
  }

  async claim(request: ClaimRequest): Promise<ClaimAnswer | string> {
    const seen = this.front
      .claim(request, Infinity, () => this.writeBack.giveBack(request))
      .catch((error: unknown) => String((error as { code?: string }).code));
    if (this.link === 'hangs') await this.clock.advance(50);
    return seen;
  }

  async settle(request: ClaimRequest, result: Settlement['result']): Promise<void> {
    const settlement = { ...grantOf(request), result };
    const seen = this.front.settle(settlement).catch(() => this.writeBack.keep(request, settlement));
    if (this.link === 'hangs') await this.clock.advance(50);
    await seen;
  }

  async release(request: ClaimRequest): Promise<void> {
    const seen = this.front.release(grantOf(request)).catch(() => this.writeBack.keep(request, grantOf(request)));
    if (this.link === 'hangs') await this.clock.advance(50);
    await seen;
  }

  /** Erases as the engine does. */
  async forget(request: ClaimRequest): Promise<number | string> {
    const { scope, keys, idKeys, mobileKeys } = request;
    this.writeBack.forget({ scope, keys, idKeys, mobileKeys });
    const seen = this.front.forget({ scope, keys, idKeys, mobileKeys }).catch((error: unknown) => {
      return String((error as { code?: string }).code);
    });
    if (this.link === 'hangs') await this.clock.advance(50);
    return seen;
  }

  /** Makes the store unavailable for this process. */
  async lose(link: Link = 'refuses'): Promise<void> {
    this.link = link;
    for (let n = 0; n < 3; n++) {
      const seen = this.front.spent('s').catch(() => undefined);
      if (link === 'hangs') await this.clock.advance(50);
      await seen;
    }
    if (!this.front.isLocal) throw new Error('the store does not count as unavailable');
  }

  /** Connects again, and waits until everything is written. */
  async comeBack(): Promise<void> {
    this.connect();
    await this.clock.advance(3_000);
    await this.front.spent('s');
    await this.clock.advance(3_000);
  }

  #reached(): Ledger {
    const through =
      <A, T>(run: (argument: A) => T) =>
      async (argument: A): Promise<T> => {
        if (this.link === 'refuses') throw new Error('refused');
        if (this.link === 'hangs') await new Promise<void>((resolve) => this.#hanging.push(resolve));
        const answer = run(argument);
        if (this.link === 'loses') throw new Error('lost');
        return answer;
      };
    const { store } = this;
    return {
      claim: through((request: ClaimRequest) => store.claim(request)),
      settle: through((settlement: Settlement) => store.settle(settlement)),
      release: through((grant: Parameters<Ledger['release']>[0]) => store.release(grant)),
      forget: through((request: Parameters<Ledger['forget']>[0]) => store.forget(request)),
      spent: through((scope: string) => store.spent(scope)),
      latch: through((scope: string) => store.latch(scope)),
      reopen: through((scope: string) => store.reopen(scope)),
      scopes: () => through(() => store.scopes())(undefined),
    };
  }
}

let owners = 0;
/** The claim of question `n`, which names the person `n`, by an owner of its own. */
export const question = (n: number, more: Partial<ClaimRequest> = {}): ClaimRequest => ({
  scope: 's',
  keys: [`q${n}`],
  idKeys: [`i${n}`],
  mobileKeys: [`m${n}`],
  owner: `o${++owners}`,
  leaseMs: LEASE,
  doubtMs: MINUTE,
  maxAgeMs: undefined,
  repeatInDoubt: false,
  budget: {},
  subjectLimit: undefined,
  ...more,
});
let replies = 0;
/** The answer of one call, with a seqNo of its own. */
export const answered = (clock: ManualClock, ttlMs = TTL, charged = true): Settlement['result'] => ({
  kind: 'answered',
  answer: { outcome: 'match', code: '10000', billed: 'yes', answeredAt: clock.now(), seqNo: `S${++replies}` },
  ttlMs,
  charged,
});
/** Processes that share a store, which is up. */
export function open(instances = 1, maxEntries?: number) {
  const clock = new ManualClock();
  const store = new MemoryLedger({ clock });
  const all = Array.from({ length: instances }, () => new Instance(clock, store, instances, maxEntries));
  return { clock, store, all, one: all[0]!, other: all[1]! };
}
