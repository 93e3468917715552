import type { Billed, Identity } from '@identity-verify/nestjs';

/** The two clients of the race. */
export type Racer = 'naive' | 'module';

/** One value for each client. */
export type ByRacer<T> = Readonly<Record<Racer, T>>;

/** What a client did with a form. `called` covers every call that was answered, also by a refusal of the upstream. */
export type Handling = 'called' | 'joined' | 'ledger' | 'unsent' | 'in_doubt' | 'skipped' | 'failed';

/** The decision of a client about a form. */
export interface Decision {
  readonly letIn: boolean;
  readonly how: Handling;
}

/** A client as the race sees it. What it says about calls and money is not believed: the journal of the mock counts. */
export interface Caller {
  /** May reject; then the person is turned away. */
  ask(identity: Identity, signal: AbortSignal): Promise<Decision>;
  /** Ends what is left, and waits for it. */
  close(): Promise<void>;
}

/** A call in the journal of the mock. */
export interface JournalCall {
  /** In milliseconds of the script. */
  readonly tMs: number;
  /** Index of the person; undefined if the journal does not tell. */
  readonly person: number | undefined;
  readonly billed: Billed;
  /** Cost in fen if charged; 0 if not billed. */
  readonly fen: number;
}

/** A decision with its time in milliseconds of the script. */
export interface Decided extends Decision {
  readonly tMs: number;
  readonly person: number;
}

/** Everything that is known about one client. */
export interface RacerRecord {
  readonly calls: readonly JournalCall[];
  readonly decisions: readonly Decided[];
}

/**
 * Why the module made fewer calls: an answer from the ledger; the call of an equal question that was under way; a check
 * before anything is sent, which refuses what is wrong and cleans what was pasted; no repetition of what may have been
 * paid for. `repeated` counts the other way: the module repeats what is proven unbilled. `other` is what is under way.
 */
export const REASONS = ['ledger', 'joined', 'checked', 'maybe_paid', 'repeated', 'other'] as const;

/** One of {@link REASONS}. */
export type Reason = (typeof REASONS)[number];

/** Calls, and what they cost at the most, in fen. */
export interface Amount {
  readonly calls: number;
  readonly fen: number;
}

/** The figures of one client. */
export interface RacerFigures extends Amount {
  /** The part of `fen` that may have been charged: `billed` is unknown. */
  readonly maybeFen: number;
  /** People let in whose three fields are not theirs. */
  readonly wrongIn: number;
  /** People let in whose three fields are theirs. */
  readonly rightIn: number;
  /** People whose three fields are theirs, who tried and are not in. */
  readonly rightWaiting: number;
}

/** The state of the race at one moment. `saved` sums up to naive minus module, in calls and in fen. */
export interface RaceFigures extends ByRacer<RacerFigures> {
  /** In milliseconds of the script. */
  readonly tMs: number;
  readonly saved: Readonly<Record<Reason, Amount>>;
}

/** A race that has ended. */
export interface RaceResult {
  readonly seed: number;
  readonly durationMs: number;
  readonly speed: number;
  /** True if it was stopped before its end. */
  readonly cancelled: boolean;
  /** False if the mock dropped journal entries, so that the figures are too low. */
  readonly complete: boolean;
  readonly signUps: number;
  /** Price of one call by the journal, in fen. */
  readonly fenPerCall: number;
  /** The namespaces of the mock whose journals were counted. */
  readonly appCodes: ByRacer<string>;
  /** The figures over time, every half second of the script. */
  readonly series: readonly RaceFigures[];
  readonly final: RaceFigures;
}
