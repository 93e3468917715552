import { shanghaiDate, type Clock } from './clock.js';

/** The wait of one denial. */
export interface DenialWait {
  /** Resolves when the floor has passed. */
  readonly passed: Promise<void>;
  /** Takes the timer back: nobody is denied. */
  cancel(): void;
}

const NO_WAIT: DenialWait = { passed: Promise.resolve(), cancel: () => undefined };

/**
 * The shortest time after which the guard denies, by the clock of an instance. A provider of its own beside the
 * service, so that a test may replace the service by nothing but `{ verify }`.
 */
export class DenialFloor {
  constructor(
    private readonly clock: Clock,
    private readonly floorMs = 0,
  ) {}

  /** Starts the wait. Goes by elapsed time: a clock that is set does not shorten it. Sets no timer without a floor. */
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
