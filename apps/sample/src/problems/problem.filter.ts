import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { PROBLEM_MEDIA_TYPE, type ProblemDetails } from '@identity-verify/nestjs';
import { STATUS_CODES } from 'node:http';

/** The text for a status. It is fixed, because the message of a parser may quote the body. */
const DETAILS: Readonly<Record<number, string>> = {
  400: 'The request cannot be read: the body must be valid JSON.',
  403: 'The identity could not be verified.',
  404: 'There is nothing at this address.',
  413: 'The body is larger than any identity.',
  415: 'The body must be JSON in UTF-8.',
  428: 'This call costs money. Confirm it with the header X-Confirm-Paid-Call: yes.',
  429: 'Too many requests from this address.',
};

/**
 * Answers every error without a filter of its own with problem details (RFC 9457). The reply contains no internal
 * details. A defect is logged with its stack frames, but without its message, which may contain personal data.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger('Problem');

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const status = statusOf(error);
    if (status >= 500) this.#logger.error(`Unexpected ${nameAndPlaceOf(error)}`);
    const { httpAdapter } = this.adapterHost;
    const response = host.switchToHttp().getResponse<unknown>();
    if (httpAdapter.isHeadersSent(response)) return;
    const problem = problemOf(status);
    httpAdapter.setHeader(response, 'Content-Type', PROBLEM_MEDIA_TYPE);
    // Sent as a string, because Nest 11.2 on Express replaces the content type of an object.
    httpAdapter.reply(response, JSON.stringify(problem), status);
  }
}

/** Makes the problem document of a status. */
export function problemOf(status: number): ProblemDetails {
  const detail = DETAILS[status];
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    ...(detail !== undefined && { detail }),
  };
}

/** The status of Nest's exceptions and of body parser errors (`status`). Any other error is a defect. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function nameAndPlaceOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return [error.name, ...frames.slice(0, 8)].join('\n');
}
