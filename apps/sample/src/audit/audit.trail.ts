import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { AuditEntry } from '@identity-verify/nestjs';
import type { Client } from '@libsql/client';
import { DATABASE } from '../database/database.module.js';

const INSERT = `INSERT INTO audit
  (at, instance, event, outcome, source, code, error_code, billed, fen, seq_no, request_id, purpose, consent_ref)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/**
 * Writes one line for each verification of any route, in order and without blocking the caller. A line contains no
 * identity, because the audit is about cost.
 */
@Injectable()
export class AuditTrail implements OnApplicationShutdown {
  readonly #logger = new Logger('Audit');
  #pending: Promise<unknown> = Promise.resolve();

  constructor(@Inject(DATABASE) private readonly database: Client) {}

  record(entry: AuditEntry): void {
    const [outcome, source, code, errorCode] =
      entry.type === 'answered'
        ? [entry.outcome, entry.source, entry.code]
        : [undefined, undefined, entry.upstreamCode, entry.errorCode];
    const { at, instance, type, billed, fen, seqNo, requestId, purpose, consentRef } = entry;
    const values = [
      at.toISOString(),
      instance,
      type,
      outcome,
      source,
      code,
      errorCode,
      billed,
      fen,
      seqNo,
      requestId,
      purpose,
      consentRef,
    ];
    this.#pending = this.#pending
      .then(() => this.database.execute({ sql: INSERT, args: values.map((value) => value ?? null) }))
      .catch(() => this.#logger.error('A line of the audit trail could not be written'));
  }

  /** Waits until all lines are written. */
  async onApplicationShutdown(): Promise<void> {
    await this.#pending;
  }
}
