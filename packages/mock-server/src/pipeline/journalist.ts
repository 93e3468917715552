import { randomBytes } from 'node:crypto';
import { Fingerprinter } from '../journal/fingerprint.js';
import type { JournalEntry, PersonFields } from '../journal/journal.types.js';
import { maskIdCard, maskMobile, maskName } from '../journal/mask.js';
import type { NamespaceState } from '../namespace/namespace.state.js';
import type { Decision } from './decision.types.js';

/** How much of the people who are asked about the journal shows. */
export type JournalMode = 'masked' | 'off' | 'raw';

/** What came of a decision on the wire. */
export interface Outcome {
  readonly requestId: string;
  readonly seqNo: string | null;
  readonly httpStatus: number | null;
  readonly code: string | null;
  readonly latencyMs: number;
}

/** Writes journals: masks, hashes, and reckons what a call costs. */
export class Journalist {
  readonly fingerprints: Fingerprinter;
  readonly #mode: JournalMode;
  readonly #fenPerCall: number;
  readonly #onEntry: ((entry: JournalEntry, namespaceId: string) => void) | undefined;

  constructor(
    mode: JournalMode,
    fenPerCall: number,
    onEntry?: (entry: JournalEntry, namespaceId: string) => void,
    fingerprintKey: Buffer = randomBytes(32),
  ) {
    this.#mode = mode;
    this.#fenPerCall = fenPerCall;
    this.#onEntry = onEntry;
    this.fingerprints = new Fingerprinter(fingerprintKey);
  }

  /** Journals a call and charges the quota. */
  record(namespace: NamespaceState, decision: Decision, outcome: Outcome): void {
    const { scenario } = decision.play;
    const billed = decision.refusal ? 'no' : scenario.billed;
    const fen = billed === 'no' ? 0 : this.#fenPerCall;
    namespace.quota.charge(billed, fen);
    this.#append(namespace, {
      ...this.#about(namespace, decision),
      ...outcome,
      decidedBy: decision.stage,
      scenario: decision.refusal ? null : scenario.id,
      billed,
      fen,
    });
  }

  /** Journals what arrived where a redirect pointed. It is no call, and costs nothing. */
  recordTrap(namespace: NamespaceState, person: PersonFields | undefined, requestId: string): void {
    this.#append(namespace, {
      ...this.#about(namespace, { channel: 'appcode', ...(person && { person }) }),
      requestId,
      seqNo: null,
      httpStatus: 404,
      code: null,
      latencyMs: 0,
      decidedBy: 'trap',
      scenario: null,
      billed: 'no',
      fen: 0,
    });
  }

  #append(namespace: NamespaceState, entry: JournalEntry): void {
    namespace.journal.append(entry);
    this.#onEntry?.(entry, namespace.id);
  }

  #about(
    namespace: NamespaceState,
    { channel, person }: Pick<Decision, 'channel' | 'person'>,
  ): Pick<JournalEntry, 'index' | 'at' | 'channel' | 'person' | 'fingerprints'> {
    const off = this.#mode === 'off';
    return {
      index: namespace.journal.total + 1,
      at: new Date(namespace.clock.now()).toISOString(),
      channel: channel ?? 'appcode',
      person: !person || off ? null : this.#mode === 'raw' ? person : masked(person),
      fingerprints: !person || off ? null : this.#hashed(person),
    };
  }

  #hashed({ name, idCard, mobile }: PersonFields): PersonFields {
    const of = this.fingerprints.of.bind(this.fingerprints);
    return { name: of('name', name), idCard: of('idCard', idCard), mobile: of('mobile', mobile) };
  }
}

const masked = ({ name, idCard, mobile }: PersonFields): PersonFields => ({
  name: maskName(name),
  idCard: maskIdCard(idCard),
  mobile: maskMobile(mobile),
});
