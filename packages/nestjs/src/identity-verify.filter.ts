import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { throwError, type Observable } from 'rxjs';
import { ERROR_CODES, type IdentityVerifyErrorCode } from './errors/error-codes.data.js';
import { IdentityVerifyError } from './errors/identity-verify.error.js';
import { IdentityDeniedException, IdentityUnavailableException } from './identity-verify.exceptions.js';
import { emitException, type WebSocketClient } from './problem-details/exception.event.js';
import { mediaTypeFor, toProblemDetails, type ProblemDetails } from './problem-details/problem-details.js';

type Caught = IdentityVerifyError | IdentityDeniedException | IdentityUnavailableException;

/**
 * Answers the errors of this module with problem details (RFC 9457), on Express and Fastify. Microservices get the same
 * object as the error of their reply, WebSocket clients as an `exception` event. For the whole application, or for one
 * controller or gateway. Logs a 500, which is a mistake in the configuration or the program.
 */
@Catch(IdentityVerifyError, IdentityDeniedException, IdentityUnavailableException)
export class IdentityVerifyExceptionFilter implements ExceptionFilter<Caught> {
  readonly #logger = new Logger('IdentityVerify');

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: Caught, host: ArgumentsHost): Observable<never> | void {
    const problem = problemOf(error);
    if (problem.status === 500) this.#logger.error(messageOf(error, problem), error.stack);
    switch (host.getType<string>()) {
      case 'http':
        return this.#reply(problem, host.switchToHttp());
      case 'rpc':
        return throwError(() => problem);
      case 'ws':
        return emitException(host.switchToWs().getClient<WebSocketClient>(), problem);
      default:
        // GraphQL formats errors itself, and uses their message and extensions.
        throw error;
    }
  }

  #reply(problem: ProblemDetails, http: ReturnType<ArgumentsHost['switchToHttp']>): void {
    const { httpAdapter } = this.adapterHost;
    const response = http.getResponse<unknown>();
    const { headers } = http.getRequest<{ headers: Readonly<Record<string, string | undefined>> }>();
    httpAdapter.setHeader(response, 'Content-Type', mediaTypeFor(headers['accept']));
    if (problem.retryAfter !== undefined) httpAdapter.setHeader(response, 'Retry-After', String(problem.retryAfter));
    // A string, because Nest 11.2 on Express overrides the content type of an object, unless it is application/json.
    httpAdapter.reply(response, JSON.stringify(problem), problem.status);
  }
}

function problemOf(error: Caught): ProblemDetails {
  return error instanceof IdentityVerifyError ? toProblemDetails(error) : (error.getResponse() as ProblemDetails);
}

/** The cause and the remedy. An error of this module contains no personal data. */
function messageOf(error: Caught, { code }: ProblemDetails): string {
  if (error instanceof IdentityVerifyError) return `${error.code}: ${error.message}`;
  const row = ERROR_CODES[code as IdentityVerifyErrorCode];
  return `${code}: ${row.title}. ${row.remedy}`;
}
