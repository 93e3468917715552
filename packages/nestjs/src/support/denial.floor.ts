import { shanghaiDate, type Clock } from './clock.js';

/** The timer of one denial. */
export interface DenialWait {
  /** Resolves when the floor has passed. */
  readonly passed: Promise<void>;
  /** Cancels the timer, when the request is not denied. */
  cancel(): void;
}

const NO_WAIT: DenialWait = { passed: Promise.resolve(), cancel: () => undefined };

/**
 * The minimum time that the guard takes to deny a request, by the clock of the instance. A separate provider, so that a
 * test can replace the service by an object with `verify` alone.
 */
export class DenialFloor {
  constructor(
    private readonly clock: Clock,
    private readonly floorMs = 0,
  ) {}

  /**
   * Starts the timer. It measures elapsed time, so setting the clock does not shorten it. Without a floor there is no
   * timer.
   */
  begin(): DenialWait {
    if (this.floorMs === 0) return NO_WAIT;
    let cancel: () => void = () => undefined;
    const passed = new Promise<void>((resolve) => (cancel = this.clock.schedule(resolve, this.floorMs)));
    return { passed, cancel };
  }

  /** Today in Asia/Shanghai, `yyyymmdd`. */
  today(): number {
    return shanghaiDate(this.clock.now());
  }
}
