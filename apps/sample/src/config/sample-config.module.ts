import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { SampleConfig } from './sample.config.js';
import type { Settings } from './settings.table.js';

/** Settings for the whole application. */
@Module({})
export class SampleConfigModule {
  /** @param settings read and checked, so that a wrong environment stops the start before anything is opened */
  static with(settings: Settings): DynamicModule {
    return {
      module: SampleConfigModule,
      global: true,
      // Only what was checked can be read: neither `.env` files nor the environment itself are looked at again.
      imports: [ConfigModule.forRoot({ ignoreEnvFile: true, skipProcessEnv: true, load: [() => ({ ...settings })] })],
      providers: [SampleConfig],
      exports: [SampleConfig],
    };
  }
}
