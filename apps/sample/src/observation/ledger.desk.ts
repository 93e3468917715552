import { Injectable } from '@nestjs/common';
import { DEFAULT_INSTANCE, MemoryLedger, type LatchState, type Ledger } from '@identity-verify/nestjs';
import { AuditTrail } from '../audit/audit.trail.js';
import { VerificationMetrics } from '../metrics/verification.metrics.js';
import { ObservedLedger } from './observed.ledger.js';

/** Hands out the ledgers of the instances: each its own, each watched by the audit trail and the metrics. */
@Injectable()
export class LedgerDesk {
  readonly #ledgers = new Map<string, Ledger>();

  constructor(
    private readonly audit: AuditTrail,
    private readonly metrics: VerificationMetrics,
  ) {}

  /** @param instance name of the instance */
  of(instance: string): Ledger {
    const known = this.#ledgers.get(instance);
    if (known) return known;
    const { audit, metrics } = this;
    const ledger = new ObservedLedger(new MemoryLedger(), {
      claimed(scope, answer) {
        audit.claimed(scope, answer);
        metrics.claimed(scope, answer);
      },
      settled(settlement) {
        audit.settled(settlement);
        metrics.settled(settlement);
      },
    });
    this.#ledgers.set(instance, ledger);
    return ledger;
  }

  /** The latch of the default instance that is closed, if one is. */
  async latch(): Promise<LatchState | undefined> {
    return this.of(DEFAULT_INSTANCE).latch(DEFAULT_INSTANCE);
  }
}
