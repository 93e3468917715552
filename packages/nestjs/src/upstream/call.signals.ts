import type { StopSignal } from './stop.js';

/** The signals of one flight. */
export interface FlightSignals {
  /** Stops everything, an exchange under way included: at the total deadline, and when a shutdown stops waiting. */
  readonly deadline: StopSignal;
  /** Stops what has not been sent: at the deadline, and when every caller has gone. */
  readonly unsent: StopSignal;
}

/** The signals of one call. */
export interface CallSignals extends FlightSignals {
  /** Called before the first byte can be sent. */
  readonly onSend?: () => void;
}
