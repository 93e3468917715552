import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { SqliteLedger } from '@identity-verify/sqlite';
import { SampleConfig } from '../config/sample.config.js';
import { createFolder, readPepper } from './ledger.folder.js';

/** The injection token of the ledger and its pepper. */
export const LEDGER = Symbol('ledger');

/** A persistent ledger and its pepper; undefined if the ledger is in memory. */
export interface KeptLedger {
  readonly ledger: SqliteLedger;
  readonly pepper: string;
}

/** Returns true if the ledger survives a restart. */
export function isLedgerKept(config: Pick<SampleConfig, 'get'>): boolean {
  return config.get('IDENTITY_VERIFY_LEDGER') !== ':memory:';
}

/**
 * Provides the ledger of both instances. They import this module, so Nest shuts it down after them: a call that ends
 * during shutdown is still settled.
 */
@Module({
  providers: [
    {
      provide: LEDGER,
      inject: [SampleConfig],
      useFactory: (config: SampleConfig): KeptLedger | undefined => {
        if (!isLedgerKept(config)) return undefined;
        const file = config.get('IDENTITY_VERIFY_LEDGER');
        createFolder(file);
        return {
          ledger: new SqliteLedger({ file }),
          pepper: config.get('IDENTITY_VERIFY_PEPPER') ?? readPepper(`${file}.pepper`),
        };
      },
    },
  ],
  exports: [LEDGER],
})
export class LedgerModule implements OnApplicationShutdown {
  constructor(@Inject(LEDGER) private readonly kept: KeptLedger | undefined) {}

  onApplicationShutdown(): void {
    this.kept?.ledger.close();
  }
}
