import { Injectable } from '@nestjs/common';
import {
  IdentityVerifyService,
  InjectIdentityVerify,
  isIdentityVerifyError,
  type CircuitState,
  type LatchName,
  type Spending,
} from '@identity-verify/nestjs';
import { SampleConfig } from '../config/sample.config.js';
import { chooseUpstream } from '../config/upstream.choice.js';
import { DOUBT_MS, LENDING } from '../identity-verify.options.js';
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
  /** Longest that one question takes, in milliseconds. */
  readonly deadlineMs: number;
  /** How long a question stays in doubt after a call whose answer is lost, in milliseconds; up to 10 % more or less. */
  readonly doubtMs: number;
  /** Different identities that may be tried for one ID number, and for one mobile, in a day. */
  readonly subjectLimit: number;
  readonly today: Spending | null;
  readonly thisMonth: Spending | null;
  readonly circuit: CircuitState;
  /** The closed latch, and the time (ISO 8601) until which it refuses all questions. */
  readonly latch: { readonly name: LatchName; readonly until: string } | null;
  /** The second instance, with an account and a budget of its own. */
  readonly lending: { readonly today: Spending | null; readonly circuit: CircuitState };
}

/** Reads the state of the two instances. */
@Injectable()
export class StatusReader {
  constructor(
    private readonly identityVerify: IdentityVerifyService,
    @InjectIdentityVerify(LENDING) private readonly lending: IdentityVerifyService,
    private readonly config: SampleConfig,
  ) {}

  async read(): Promise<Status> {
    const [spending, lent, { circuit, latch }] = await Promise.all([
      spendingOf(this.identityVerify),
      spendingOf(this.lending),
      this.identityVerify.health(),
    ]);
    return {
      live: chooseUpstream(this.config).live,
      ledger: ledgerKind(this.config),
      ledgerAnswers: spending !== undefined,
      fenPerCall: this.config.get('IDENTITY_VERIFY_FEN_PER_CALL'),
      deadlineMs: this.config.get('IDENTITY_VERIFY_DEADLINE_MS'),
      doubtMs: DOUBT_MS,
      subjectLimit: this.config.get('IDENTITY_VERIFY_SUBJECT_LIMIT'),
      today: spending?.today ?? null,
      thisMonth: spending?.thisMonth ?? null,
      circuit,
      latch: latch ? { name: latch.name, until: new Date(latch.until).toISOString() } : null,
      lending: { today: lent?.today ?? null, circuit: this.lending.circuit },
    };
  }
}

/** The page must show the state also while the ledger does not answer. */
async function spendingOf(
  service: IdentityVerifyService,
): Promise<Awaited<ReturnType<IdentityVerifyService['spent']>> | undefined> {
  try {
    return await service.spent();
  } catch (error) {
    if (isIdentityVerifyError(error) && error.code === 'IDV_LEDGER_UNAVAILABLE') return undefined;
    throw error;
  }
}
