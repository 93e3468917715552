import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { DestinationStream } from 'pino';
import { AppModule } from './app.module.js';
import { readSettings, type Settings } from './config/settings.table.js';
import { serveOpenApi } from './docs/openapi.page.js';
import { createLogger, PinoLogger } from './logging/pino.logger.js';
import { prettyLines } from './logging/pretty.lines.js';
import { requestLog } from './logging/request.log.js';
import { callTimelines } from './observation/call.timeline.js';
import { servePage } from './page/page.assets.js';
import { refuseForeignRequests } from './security/foreign-requests.js';
import { securityHeaders } from './security/security.headers.js';

/** Options for creating the application. */
export interface SampleAppOptions {
  /** @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The destination of the log. @default stdout */
  readonly logTo?: DestinationStream;
}

/** An application that does not listen yet, and its settings. */
export interface SampleApp {
  readonly app: NestExpressApplication;
  readonly settings: Settings;
}

/**
 * Creates the application.
 *
 * @throws {SettingsError} if the environment is invalid
 */
export async function createSampleApp(options: SampleAppOptions = {}): Promise<SampleApp> {
  const settings = readSettings(options.environment ?? process.env);
  const isPretty = (settings.SAMPLE_LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json')) === 'pretty';
  const logTo = options.logTo ?? (isPretty ? prettyLines(process.stdout) : undefined);
  const logger = createLogger(settings.SAMPLE_LOG_LEVEL, logTo);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(settings), {
    bodyParser: false,
    abortOnError: false,
    logger: new PinoLogger(logger),
  });
  app.disable('x-powered-by');
  // With `false`, the default of Express, X-Forwarded-For is ignored.
  app.set('trust proxy', settings.SAMPLE_TRUSTED_PROXIES.length > 0 ? [...settings.SAMPLE_TRUSTED_PROXIES] : false);
  app.use(requestLog(logger));
  app.use(securityHeaders());
  app.use(refuseForeignRequests({ host: settings.SAMPLE_HOST, allowedHosts: settings.SAMPLE_ALLOWED_HOSTS }));
  app.useBodyParser('json', { limit: settings.SAMPLE_BODY_LIMIT_BYTES });
  // After the body parser, which may leave the async context of the request.
  app.use(callTimelines());
  servePage(app);
  serveOpenApi(app);
  app.enableShutdownHooks();
  return { app, settings };
}
