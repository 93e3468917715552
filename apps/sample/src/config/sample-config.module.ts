import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { SampleConfig } from './sample.config.js';
import type { Settings } from './settings.table.js';

/** Provides the settings to the whole application. */
@Module({})
export class SampleConfigModule {
  /**
   * @param settings the validated settings, so that an invalid environment stops the start before anything is opened
   */
  static with(settings: Settings): DynamicModule {
    return {
      module: SampleConfigModule,
      global: true,
      // Only validated settings are visible. Neither `.env` files nor the environment are read again.
      imports: [ConfigModule.forRoot({ ignoreEnvFile: true, skipProcessEnv: true, load: [() => ({ ...settings })] })],
      providers: [SampleConfig],
      exports: [SampleConfig],
    };
  }
}
