/** The reason for which a flight is stopped; the `reason` of its signals. */
export type StopReason = 'abandoned' | 'deadline' | 'closing';

/** The signals of one flight. Their `reason` is a {@link StopReason}. */
export interface FlightSignals {
  /** Aborts everything, an exchange under way included: at the total deadline, and when a shutdown stops waiting. */
  readonly deadline: AbortSignal;
  /** Aborts what has not been sent: at the deadline, and when every caller has gone. */
  readonly unsent: AbortSignal;
}

/** The signals of one call. Their `reason` is a {@link StopReason}. */
export interface CallSignals extends FlightSignals {
  /** Called before the first byte can be sent. */
  readonly onSend?: () => void;
}
