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

/** The owner of a namespace. An AppCode and the `key` of the direct channel are both codes. */
export type NamespaceOwner =
  { readonly kind: 'code'; readonly code: string } | { readonly kind: 'app'; readonly appKey: string };

/** The resources that all namespaces of a server share. */
export interface NamespaceEnvironment {
  readonly now: () => number;
  readonly seed: string;
  /** Seed of the seqNos. */
  readonly idSeed: string;
  readonly journalSize: number;
  /** The nonces of all namespaces. @default a separate budget for each namespace */
  readonly nonces?: NonceBudget;
}

/** The limits that all namespaces of a server share, so that more credentials do not use more memory. */
export class SharedBounds {
  readonly journal: JournalPool;
  readonly queued = new SharedAllowance(200_000);
  readonly rules = new SharedAllowance(20_000);
  readonly questions = new SharedAllowance(100_000);

  /** @param journalSize maximum entries of one namespace; a single namespace can always keep that many */
  constructor(journalSize: number) {
    this.journal = new JournalPool(Math.max(MAX_ENTRIES, journalSize));
  }
}

/** Maximum journal entries of all namespaces, about 100 MB. */
const MAX_ENTRIES = 100_000;

/** The key of a namespace within its server. Contains the credential, so it must never be logged or returned. */
export function ownerKey(owner: NamespaceOwner): string {
  return owner.kind === 'code' ? `code:${owner.code}` : `app:${owner.appKey}`;
}

/** The state of one credential. Parallel tests with different credentials are isolated from each other. */
export class NamespaceState {
  /** Short hash of the credential, for logs and the page. */
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

  /** @param mayHaveLost true if an earlier namespace of this owner may have been dropped with its journal */
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

  /** Resets everything except the seqNos, which never repeat. */
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

  /** Returns everything to the shared limits. Called when the namespace is dropped. */
  close(): void {
    this.reset();
    this.journal.close();
    this.mayHaveLost = true;
  }

  /** Clears the journal and its incomplete mark. */
  clearJournal(): void {
    this.journal.clear();
    this.mayHaveLost = false;
  }
}
