import { Injectable } from '@nestjs/common';
import { createHmac, randomBytes } from 'node:crypto';
import { SampleConfig } from '../config/sample.config.js';

/**
 * Creates a pseudonymous id: an HMAC of the ID number. A plain hash could be reversed by trying every number. Its
 * secret differs from the ledger's pepper, so that the two stores cannot be joined.
 */
@Injectable()
export class SubjectIds {
  readonly #secret: string | Buffer;

  constructor(config: SampleConfig) {
    this.#secret = config.get('SAMPLE_SUBJECT_SECRET') ?? randomBytes(32);
  }

  /** @param normalisedIdNumber the ID number as normalised by the module */
  of(normalisedIdNumber: string): string {
    return createHmac('sha256', this.#secret).update(normalisedIdNumber).digest('base64url');
  }
}
