import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { ClaimAnswer, Settlement } from '@identity-verify/nestjs';
import type { Client, InValue } from '@libsql/client';
import { DATABASE } from '../database/database.module.js';
import type { LedgerObserver } from '../observation/observed.ledger.js';

/** One line of the trail. No identity: who was asked about is not the auditor's business, what was paid is. */
export interface AuditEntry {
  readonly instance: string;
  /** `answered`, `unbilled` and `in_doubt` went upstream, `reused` was answered from the ledger, `refused` was turned away before anything was sent. */
  readonly event: 'answered' | 'unbilled' | 'in_doubt' | 'reused' | 'refused';
  readonly outcome?: string;
  /** The upstream's code, or the ledger's reason for a refusal. */
  readonly code?: string;
  readonly billed: string;
  readonly seqNo?: string;
  readonly requestId?: string;
}

/** Writes the trail behind the answer: in order, and without making anybody wait. */
@Injectable()
export class AuditTrail implements LedgerObserver, OnApplicationShutdown {
  readonly #logger = new Logger('Audit');
  #pending: Promise<unknown> = Promise.resolve();
  #failures = 0;

  constructor(@Inject(DATABASE) private readonly database: Client) {}

  /** How many lines could not be written. */
  get failures(): number {
    return this.#failures;
  }

  claimed(scope: string, claim: ClaimAnswer): void {
    if (claim.verdict === 'hit') {
      const { outcome, code, seqNo, requestId } = claim.answer;
      this.#write({ instance: scope, event: 'reused', outcome, code, billed: 'no', ...ids(seqNo, requestId) });
    } else if (claim.verdict === 'refused') {
      this.#write({ instance: scope, event: 'refused', code: claim.reason, billed: 'no' });
    }
  }

  settled({ scope, result }: Settlement): void {
    if (result.kind !== 'answered') {
      this.#write({ instance: scope, event: result.kind, billed: result.kind === 'unbilled' ? 'no' : 'unknown' });
      return;
    }
    const { outcome, code, billed, seqNo, requestId } = result.answer;
    this.#write({ instance: scope, event: 'answered', outcome, code, billed, ...ids(seqNo, requestId) });
  }

  /** Waits until everything is written. */
  async onApplicationShutdown(): Promise<void> {
    await this.#pending;
  }

  #write({ instance, event, outcome, code, billed, seqNo, requestId }: AuditEntry): void {
    const args: InValue[] = [new Date().toISOString(), instance, event];
    for (const value of [outcome, code, billed, seqNo, requestId]) args.push(value ?? null);
    this.#pending = this.#pending
      .then(() =>
        this.database.execute({
          sql: 'INSERT INTO audit (at, instance, event, outcome, code, billed, seq_no, request_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          args,
        }),
      )
      .catch(() => {
        this.#failures++;
        this.#logger.error('A line of the audit trail could not be written');
      });
  }
}

function ids(seqNo: string | undefined, requestId: string | undefined) {
  return { ...(seqNo !== undefined && { seqNo }), ...(requestId !== undefined && { requestId }) };
}
