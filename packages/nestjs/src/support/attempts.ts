/** Runs several steps that must all be tried, and throws the first failure only when all have been. */
export class Attempts {
  #failures: { readonly error: unknown }[] = [];

  /** Returns undefined if the step fails. */
  async run<T>(step: () => Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      this.#failures.push({ error });
      return undefined;
    }
  }

  /** @throws the first failure, if a step has failed */
  rethrow(): void {
    const [first] = this.#failures;
    if (first) throw first.error;
  }
}
