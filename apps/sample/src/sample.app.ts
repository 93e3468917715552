import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { LoggerService } from '@nestjs/common';
import { AppModule } from './app.module.js';
import { readSettings, type Settings } from './config/settings.table.js';

/** How the application is made. */
export interface SampleAppOptions {
  /** @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `false` is silent. @default Nest's own */
  readonly logger?: LoggerService | false;
}

/** An application that does not listen yet, and the settings it was made with. */
export interface SampleApp {
  readonly app: NestExpressApplication;
  readonly settings: Settings;
}

/**
 * Makes the application.
 *
 * @throws {SettingsError} when the environment is wrong
 */
export async function createSampleApp(options: SampleAppOptions = {}): Promise<SampleApp> {
  const settings = readSettings(options.environment ?? process.env);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(settings), {
    bodyParser: false,
    abortOnError: false,
    ...(options.logger !== undefined && { logger: options.logger }),
  });
  app.disable('x-powered-by');
  app.useBodyParser('json', { limit: settings.SAMPLE_BODY_LIMIT_BYTES });
  app.enableShutdownHooks();
  return { app, settings };
}
