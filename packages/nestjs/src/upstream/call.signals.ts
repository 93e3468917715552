/** The reason for which a flight is stopped; the signal's `reason`. */
export type StopReason = 'abandoned' | 'deadline' | 'closing';

/** The signals of one question under way. Their `reason` is a {@link StopReason}. */
export interface FlightSignals {
  /** Ends everything: the total deadline, or a shutdown that waits no longer. */
  readonly deadline: AbortSignal;
  /** Ends what has not been sent: at the deadline, and when everybody who asked has gone. */
  readonly unsent: AbortSignal;
}

/** The signals of one call. Their `reason` is a {@link StopReason}. */
export interface CallSignals extends FlightSignals {
  /** Called before the first byte may go out. */
  readonly onSend?: () => void;
}
