import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import { redacted } from './redaction.js';

/** Creates a logger for JSON lines. @param destination default: stdout */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: null, formatters: { log: redacted } };
  return destination ? pino(options, destination) : pino(options);
}

/** Writes Nest's log as JSON lines with pino. */
export class PinoLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.#write('info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  /** Nest passes the context as the last argument. Objects remain objects, so that redaction sees their keys. */
  #write(level: 'info' | 'error' | 'warn' | 'debug', message: unknown, rest: readonly unknown[]): void {
    const context = rest.at(-1);
    const fields = typeof message === 'object' && message !== null ? message : { msg: String(message) };
    this.logger[level]({ ...(typeof context === 'string' && { context }), ...fields });
  }
}
