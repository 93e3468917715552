import { Injectable } from '@nestjs/common';
import { IdentityVerifyService, type CircuitState, type LatchName, type Spending } from '@identity-verify/nestjs';
import { SampleConfig } from '../config/sample.config.js';
import { chooseUpstream } from '../config/upstream.choice.js';
import { isLedgerKept } from '../ledger/ledger.module.js';

/** The state of the application. Reading it costs nothing. */
export interface Status {
  /** True if questions go to the vendor and cost money. */
  readonly live: boolean;
  /** The storage of answers: a file, or the memory of the process. */
  readonly ledger: 'sqlite' | 'memory';
  readonly fenPerCall: number;
  readonly today: Spending;
  readonly thisMonth: Spending;
  readonly circuit: CircuitState;
  /** The closed latch, and the time (ISO 8601) until which it refuses all questions. */
  readonly latch: { readonly name: LatchName; readonly until: string } | null;
}

/** Reads the state of the default instance. */
@Injectable()
export class StatusReader {
  constructor(
    private readonly identityVerify: IdentityVerifyService,
    private readonly config: SampleConfig,
  ) {}

  async read(): Promise<Status> {
    const [{ today, thisMonth }, { circuit, latch }] = await Promise.all([
      this.identityVerify.spent(),
      this.identityVerify.health(),
    ]);
    return {
      live: chooseUpstream(this.config).live,
      ledger: isLedgerKept(this.config) ? 'sqlite' : 'memory',
      fenPerCall: this.config.get('IDENTITY_VERIFY_FEN_PER_CALL'),
      today,
      thisMonth,
      circuit,
      latch: latch ? { name: latch.name, until: new Date(latch.until).toISOString() } : null,
    };
  }
}
