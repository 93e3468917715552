import type { Billed } from '@identity-verify/contract';

/**
 * The stages that can decide the reply, in order of precedence; the gateway's decisions come first. `refused` is a
 * refusal of the mock itself (an unknown scenario name, a real-looking person). `trap` is not a call, but a request
 * that followed a redirect.
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

/** One of `DECISION_STAGES`. */
export type DecisionStage = (typeof DECISION_STAGES)[number];

/** The way in which the caller authenticated. */
export type CredentialChannel = 'appcode' | 'signature' | 'key';

/** The three personal fields. Masked unless the journal is raw. */
export interface PersonFields {
  readonly name: string;
  readonly idCard: string;
  readonly mobile: string;
}

/** A recorded request. */
export interface JournalEntry {
  /** Starts at 1 after a reset and has no gaps, so it serves as a cursor. */
  readonly index: number;
  /** Time on the clock of the namespace, ISO 8601. */
  readonly at: string;
  /** `X-Ca-Request-Id` of the reply. */
  readonly requestId: string;
  /** `seqNo` of the reply; null without a reply of the vendor. */
  readonly seqNo: string | null;
  readonly channel: CredentialChannel;
  /** Masked unless the journal is raw; null if the request could not be parsed or the journal is off. */
  readonly person: PersonFields | null;
  /** Keyed hashes of the fields, for exact matches on masked entries; null if `person` is null. */
  readonly fingerprints: PersonFields | null;
  readonly decidedBy: DecisionStage;
  /** Id of the played scenario; null for a refusal of the mock itself and for the trap. */
  readonly scenario: string | null;
  /** HTTP status of the reply; null if a transport fault sent none. */
  readonly httpStatus: number | null;
  /** Response code of the vendor; null if there is none. */
  readonly code: string | null;
  readonly billed: Billed;
  /** Cost of the call in fen if it is charged; 0 if it is not billed. */
  readonly fen: number;
  /** Simulated delay before the reply, in milliseconds. */
  readonly latencyMs: number;
}

/** Calls and cost since the last reset. */
export interface Cost {
  /** Number of calls. Requests in the trap do not count. */
  readonly calls: number;
  /** Number of calls with `billed: 'yes'`. */
  readonly billed: number;
  /** Number of calls with `billed: 'unknown'`. */
  readonly unknown: number;
  /** Cost of the billed calls, in fen (1 CNY = 100 fen). */
  readonly fen: number;
  /** Cost of the billed and unknown calls, in fen: the upper bound. */
  readonly fenAtMost: number;
}
