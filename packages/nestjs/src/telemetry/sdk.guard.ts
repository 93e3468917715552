/** Runs what reports to OpenTelemetry. Processors and exporters are the application's: when they throw, nothing fails. */
export class SdkGuard {
  readonly #warn: (message: string) => void;
  #warned = false;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** @returns what `report` returns; undefined when it throws, which is logged the first time */
  run<T>(report: () => T): T | undefined {
    try {
      return report();
    } catch {
      if (!this.#warned) this.#warn('The OpenTelemetry SDK failed: spans or metrics are missing. Verifications go on.');
      this.#warned = true;
      return undefined;
    }
  }
}
