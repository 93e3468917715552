import type { Decoded } from './reply.decoder.js';
import type { FailedAttempt } from './retry.policy.js';
import type { StopSignal } from './stop.js';

/** The signals of one flight. */
export interface FlightSignals {
  /** Stops everything, an exchange under way included: at the total deadline, and when a shutdown stops waiting. */
  readonly deadline: StopSignal;
  /** Stops what has not been sent: at the deadline, and when every caller has gone. */
  readonly unsent: StopSignal;
}

/** The end of one attempt: a decoded reply, or a failure with the phase in which the exchange broke. */
export type AttemptEnd = Decoded | FailedAttempt;

/** The signals of one call. */
export interface CallSignals extends FlightSignals {
  /** The total deadline, in monotonic milliseconds. */
  readonly endsAt: number;
  /** Called before the first byte can be sent. */
  readonly onSend?: () => void;
  /** Called at the end of each attempt, for telemetry. Must not throw. */
  readonly onAttempt?: (end: AttemptEnd) => void;
}
