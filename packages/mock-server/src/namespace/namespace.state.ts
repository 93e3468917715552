import { createHash } from 'node:crypto';
import { JournalPool } from '../journal/journal.pool.js';
import { JournalRing } from '../journal/journal.ring.js';
import type { LatencySettings } from './latency.js';
import { NonceBudget, NonceMemory } from './nonce.memory.js';
import { Quota } from './quota.js';
import { ScenarioQueue } from './scenario.queue.js';
import { ScenarioRules } from './scenario.rules.js';
import { SeededRandom } from './seeded-random.js';
import { SeqNoCounter } from './seq-no.js';
import { SharedAllowance } from '../support/shared.allowance.js';
import { Throttle } from './throttle.js';
import { VirtualClock } from './virtual-clock.js';

/** Who owns a namespace. An AppCode and the `key` of the direct channel are both a plain code. */
export type NamespaceOwner =
  { readonly kind: 'code'; readonly code: string } | { readonly kind: 'app'; readonly appKey: string };

/** What the namespaces of one server have in common. */
export interface NamespaceEnvironment {
  readonly now: () => number;
  readonly seed: string;
  /** Seed of the seqNos. */
  readonly idSeed: string;
  readonly journalSize: number;
  /** How many nonces all namespaces may remember. @default one budget for each namespace */
  readonly nonces?: NonceBudget;
}

/** What all namespaces of a server keep together, at most: more credentials must not mean more memory. */
export class SharedBounds {
  readonly journal: JournalPool;
  readonly queued = new SharedAllowance(200_000);
  readonly rules = new SharedAllowance(20_000);
  readonly questions = new SharedAllowance(100_000);

  /** @param journalSize entries that one namespace may keep: one alone can always keep as many */
  constructor(journalSize: number) {
    this.journal = new JournalPool(Math.max(MAX_ENTRIES, journalSize));
  }
}

/** Journal entries of all namespaces together: about 100 MB. */
const MAX_ENTRIES = 100_000;

/** The key of a namespace within its server. Holds the credential: never to be shown. */
export function ownerKey(owner: NamespaceOwner): string {
  return owner.kind === 'code' ? `code:${owner.code}` : `app:${owner.appKey}`;
}

/** Everything that belongs to one credential, so that tests running in parallel never meet. */
export class NamespaceState {
  /** Short hash of the credential, for logs and pages. */
  readonly id: string;
  readonly clock: VirtualClock;
  readonly queue: ScenarioQueue;
  readonly rules: ScenarioRules;
  readonly journal: JournalRing;
  readonly quota = new Quota();
  readonly throttle: Throttle;
  readonly nonces: NonceMemory;
  readonly seqNos: SeqNoCounter;
  latency: LatencySettings = { kind: 'none' };
  random: SeededRandom;
  readonly #seed: string;

  /** @param mayHaveLost whether a namespace of this owner may have been dropped, with its journal, before */
  constructor(
    key: string,
    environment: NamespaceEnvironment,
    public mayHaveLost: boolean,
    bounds = new SharedBounds(environment.journalSize),
  ) {
    this.id = createHash('sha256').update(`namespace\0${key}`).digest('hex').slice(0, 8);
    this.#seed = `${environment.seed}\0${key}`;
    this.clock = new VirtualClock(environment.now);
    this.nonces = new NonceMemory(environment.nonces ?? new NonceBudget(), () => this.clock.now());
    this.journal = new JournalRing(environment.journalSize, bounds.journal);
    this.queue = new ScenarioQueue(bounds.queued);
    this.rules = new ScenarioRules(bounds.rules);
    this.throttle = new Throttle(bounds.questions);
    this.seqNos = new SeqNoCounter(`${environment.idSeed}\0${key}`);
    this.random = new SeededRandom(this.#seed);
  }

  /** As if nothing had ever happened, but for the seqNos, which never repeat. */
  reset(): void {
    this.clock.reset();
    this.queue.clear();
    this.rules.clear();
    this.clearJournal();
    this.quota.set({}, this.clock.now());
    this.throttle.set({});
    this.nonces.clear();
    this.latency = { kind: 'none' };
    this.random = new SeededRandom(this.#seed);
  }

  /** Gives everything back to the shared bounds: the namespace was dropped. */
  close(): void {
    this.reset();
    this.journal.close();
    this.mayHaveLost = true;
  }

  /** Forgets what arrived, and with it that something of it may have been lost. */
  clearJournal(): void {
    this.journal.clear();
    this.mayHaveLost = false;
  }
}
