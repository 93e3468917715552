/**
 * Runs calls of OpenTelemetry. Processors and exporters belong to the application; if they throw, no verification
 * fails.
 */
export class SdkGuard {
  readonly #warn: (message: string) => void;
  #warned = false;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** @returns the result of `report`; undefined if it throws, which is logged the first time */
  run<T>(report: () => T): T | undefined {
    try {
      return report();
    } catch {
      if (!this.#warned)
        this.#warn('The OpenTelemetry SDK failed: spans or metrics are missing. Verifications are not affected.');
      this.#warned = true;
      return undefined;
    }
  }
}
