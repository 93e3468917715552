import { inspect } from 'node:util';
import type { IdentityVerifyOptions } from './options.types.js';

/** Options on their way through the container, which holds credentials and peppers where nothing prints them. */
export class SealedOptions {
  readonly #options: IdentityVerifyOptions;

  constructor(options: IdentityVerifyOptions) {
    this.#options = options;
  }

  /** The options themselves. */
  open(): IdentityVerifyOptions {
    return this.#options;
  }

  toJSON(): string {
    return '[options of identity-verify]';
  }

  [inspect.custom](): string {
    return '[options of identity-verify]';
  }
}
