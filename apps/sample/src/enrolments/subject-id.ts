import { Injectable } from '@nestjs/common';
import { createHmac, randomBytes } from 'node:crypto';
import { SampleConfig } from '../config/sample.config.js';

/**
 * A name for a person that tells nothing about them: an HMAC of the ID number. Not a bare hash, which anybody could look up
 * by trying every number. The secret is another than the ledger's pepper, so that the two stores cannot be joined.
 */
@Injectable()
export class SubjectIds {
  readonly #secret: string | Buffer;

  constructor(config: SampleConfig) {
    this.#secret = config.get('SAMPLE_SUBJECT_SECRET') ?? randomBytes(32);
  }

  /** @param normalisedIdNumber as the module normalises it */
  of(normalisedIdNumber: string): string {
    return createHmac('sha256', this.#secret).update(normalisedIdNumber).digest('base64url');
  }
}
