import { randomBytes } from 'node:crypto';
import type { Billed } from '@identity-verify/contract';
import { Fingerprinter } from '../journal/fingerprint.js';
import type { DecisionStage, JournalEntry, PersonFields } from '../journal/journal.types.js';
import { maskIdCard, maskMobile, maskName } from '../journal/mask.js';
import type { NamespaceState } from '../namespace/namespace.state.js';
import type { Decision } from './decision.types.js';

/** The form in which the journal stores personal data. */
export type JournalMode = 'masked' | 'off' | 'raw';

/** The facts of a sent reply that the journal records. */
export interface PlayedReply {
  readonly requestId: string;
  readonly seqNo: string | null;
  readonly httpStatus: number | null;
  readonly code: string | null;
  readonly latencyMs: number;
}

/** Writes journal entries: masks and hashes the personal fields and computes the cost. */
export class Journalist {
  readonly fingerprints: Fingerprinter;
  readonly #mode: JournalMode;
  readonly #fenPerCall: number;
  #isoOf = Number.NaN;
  #isoText = '';
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

  /** Records a call and charges the quota. */
  record(namespace: NamespaceState, decision: Decision, reply: PlayedReply): void {
    const { scenario } = decision.play;
    const billed = decision.refusal ? 'no' : scenario.billed;
    const fen = billed === 'no' ? 0 : this.#fenPerCall;
    namespace.quota.charge(billed, fen);
    this.#append(namespace, decision, reply, decision.stage, decision.refusal ? null : scenario.id, billed, fen);
  }

  /** Records a request that followed a redirect. It is not a call and costs nothing. */
  recordTrap(namespace: NamespaceState, person: PersonFields | undefined, requestId: string): void {
    const reply = { requestId, seqNo: null, httpStatus: 404, code: null, latencyMs: 0 };
    this.#append(namespace, person ? { person } : {}, reply, 'trap', null, 'no', 0);
  }

  // A single object literal, because every call runs this code and object spread costs as much as all masks together.
  #append(
    namespace: NamespaceState,
    { channel = 'appcode', person }: Pick<Decision, 'channel' | 'person'>,
    reply: PlayedReply,
    decidedBy: DecisionStage,
    scenario: string | null,
    billed: Billed,
    fen: number,
  ): void {
    const kept = this.#mode === 'off' ? undefined : person;
    const entry: JournalEntry = {
      index: namespace.journal.total + 1,
      at: this.#iso(namespace.clock.now()),
      requestId: reply.requestId,
      seqNo: reply.seqNo,
      channel,
      person: kept ? (this.#mode === 'raw' ? kept : masked(kept)) : null,
      fingerprints: kept ? this.#hashed(kept) : null,
      decidedBy,
      scenario,
      httpStatus: reply.httpStatus,
      code: reply.code,
      billed,
      fen,
      latencyMs: reply.latencyMs,
    };
    namespace.journal.append(entry);
    this.#onEntry?.(entry, namespace.id);
  }

  /** Caches the text, because many calls share one millisecond. */
  #iso(now: number): string {
    if (now !== this.#isoOf) {
      this.#isoOf = now;
      this.#isoText = new Date(now).toISOString();
    }
    return this.#isoText;
  }

  #hashed({ name, idCard, mobile }: PersonFields): PersonFields {
    const { fingerprints } = this;
    return {
      name: fingerprints.of('name', name),
      idCard: fingerprints.of('idCard', idCard),
      mobile: fingerprints.of('mobile', mobile),
    };
  }
}

const masked = ({ name, idCard, mobile }: PersonFields): PersonFields => ({
  name: maskName(name),
  idCard: maskIdCard(idCard),
  mobile: maskMobile(mobile),
});
