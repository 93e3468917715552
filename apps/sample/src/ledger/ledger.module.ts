import { Inject, Logger, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { DEFAULT_INSTANCE, type SharedLedger } from '@identity-verify/nestjs';
import { RedisLedger } from '@identity-verify/redis';
import { SqliteLedger } from '@identity-verify/sqlite';
import { SampleConfig } from '../config/sample.config.js';
import { createFolder, readPepper } from './ledger.folder.js';
import { ledgerKind, PEPPER_FILE_WITH_REDIS } from './ledger.kind.js';

/** The injection token of the ledger and its pepper. */
export const LEDGER = Symbol('ledger');

/** A persistent ledger and its pepper; undefined if the ledger is in memory. */
export interface KeptLedger {
  readonly ledger: SharedLedger;
  readonly pepper: string;
}

/** For the check at the start, which nobody waits for. The module bounds what a question waits for (`ledgerTimeoutMs`). */
const PATIENCE_MS = 1_000;

function openLedger(config: SampleConfig): KeptLedger | undefined {
  const url = config.get('REDIS_URL');
  const file = config.get('IDENTITY_VERIFY_LEDGER');
  const pepper = (pepperFile: string) => {
    const configured = config.get('IDENTITY_VERIFY_PEPPER');
    if (configured !== undefined) return configured;
    createFolder(pepperFile);
    return readPepper(pepperFile);
  };
  if (url !== undefined) {
    return { ledger: new RedisLedger({ url, timeoutMs: PATIENCE_MS }), pepper: pepper(PEPPER_FILE_WITH_REDIS) };
  }
  if (ledgerKind(config) === 'memory') return undefined;
  createFolder(file);
  return { ledger: new SqliteLedger({ file }), pepper: pepper(`${file}.pepper`) };
}

/** Provides the ledger of both instances. It closes by itself, after both have drained. */
@Module({
  providers: [{ provide: LEDGER, inject: [SampleConfig], useFactory: openLedger }],
  exports: [LEDGER],
})
export class LedgerModule implements OnApplicationBootstrap {
  readonly #logger = new Logger('Ledger');

  constructor(@Inject(LEDGER) private readonly kept: KeptLedger | undefined) {}

  /** The sample starts without its store, because the store can come back and other routes work without it. */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.kept?.ledger.spent(DEFAULT_INSTANCE);
    } catch {
      // The error is not logged: the message below contains no address and no password.
      this.#logger.warn(
        'The ledger does not answer. Until it does, every question is refused, nothing is paid, and /health/ready is 503.',
      );
    }
  }
}
