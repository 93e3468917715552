import type { Billed } from '@identity-verify/contract';

/**
 * Which rule decided about the reply, in the order in which they are asked. What the gateway decides comes first;
 * `refused` is the mock's own refusal (an unknown scenario name, a real-looking person); `trap` is not a call, but what
 * arrived where a redirect pointed.
 */
export const DECISION_STAGES = [
  'route',
  'authentication',
  'quota',
  'throttle',
  'parse',
  'queue',
  'rule',
  'header',
  'mobile',
  'population',
  'default',
  'refused',
  'trap',
] as const;

/** One of {@link DECISION_STAGES}. */
export type DecisionStage = (typeof DECISION_STAGES)[number];

/** How the caller said who it is. */
export type CredentialChannel = 'appcode' | 'signature' | 'key';

/** The three fields of a question: masked in a journal, unless the journal is raw. */
export interface PersonFields {
  readonly name: string;
  readonly idCard: string;
  readonly mobile: string;
}

/** One request that arrived. */
export interface JournalEntry {
  /** 1 for the first entry after a reset, and no gaps: a cursor. */
  readonly index: number;
  /** Time of the namespace's clock, ISO 8601. */
  readonly at: string;
  /** `X-Ca-Request-Id` of the reply. */
  readonly requestId: string;
  /** `seqNo` of the reply; null where the vendor did not answer. */
  readonly seqNo: string | null;
  readonly channel: CredentialChannel;
  /** Masked, unless the journal is raw; null when the request could not be read. */
  readonly person: PersonFields | null;
  /** Keyed hashes of the fields, by which an exact match works on masked entries; null as above. */
  readonly fingerprints: PersonFields | null;
  readonly decidedBy: DecisionStage;
  /** Id of the scenario that was played; null for the mock's own refusals and for the trap. */
  readonly scenario: string | null;
  /** HTTP status of the reply; null when a transport fault left none. */
  readonly httpStatus: number | null;
  /** Response code of the vendor; null where there is none. */
  readonly code: string | null;
  readonly billed: Billed;
  /** What the call costs in fen if it is charged; 0 when it is not. */
  readonly fen: number;
  /** Artificial delay before the reply, in milliseconds. */
  readonly latencyMs: number;
}

/** Calls and money since the last reset. */
export interface Cost {
  /** Calls that arrived, whatever became of them; what fell into the trap is not a call. */
  readonly calls: number;
  /** Calls that were certainly charged. */
  readonly billed: number;
  /** Calls of which the vendor does not say whether it charges them. */
  readonly unknown: number;
  /** What was certainly charged, in fen (1 CNY = 100 fen). */
  readonly fen: number;
  /** The same with every `unknown` call counted as charged: what a careful caller must reckon with. */
  readonly fenAtMost: number;
}
