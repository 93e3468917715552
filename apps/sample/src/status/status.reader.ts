import { Injectable } from '@nestjs/common';
import {
  IdentityVerifyService,
  isIdentityVerifyError,
  type CircuitState,
  type LatchName,
  type Spending,
} from '@identity-verify/nestjs';
import { SampleConfig } from '../config/sample.config.js';
import { chooseUpstream } from '../config/upstream.choice.js';
import { ledgerKind, type LedgerKind } from '../ledger/ledger.kind.js';

/** The state of the application. Reading it costs nothing. */
export interface Status {
  /** True if questions go to the vendor and cost money. */
  readonly live: boolean;
  /** The store of answers and spent calls. */
  readonly ledger: LedgerKind;
  /** False if the ledger does not answer: then every question is refused, and what was spent is unknown. */
  readonly ledgerAnswers: boolean;
  readonly fenPerCall: number;
  readonly today: Spending | null;
  readonly thisMonth: Spending | null;
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
    const [spending, { circuit, latch }] = await Promise.all([this.#spending(), this.identityVerify.health()]);
    return {
      live: chooseUpstream(this.config).live,
      ledger: ledgerKind(this.config),
      ledgerAnswers: spending !== undefined,
      fenPerCall: this.config.get('IDENTITY_VERIFY_FEN_PER_CALL'),
      today: spending?.today ?? null,
      thisMonth: spending?.thisMonth ?? null,
      circuit,
      latch: latch ? { name: latch.name, until: new Date(latch.until).toISOString() } : null,
    };
  }

  /** The page must show the state also while the ledger does not answer. */
  async #spending(): Promise<Awaited<ReturnType<IdentityVerifyService['spent']>> | undefined> {
    try {
      return await this.identityVerify.spent();
    } catch (error) {
      if (isIdentityVerifyError(error) && error.code === 'IDV_LEDGER_UNAVAILABLE') return undefined;
      throw error;
    }
  }
}
