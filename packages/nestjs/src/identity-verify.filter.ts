import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { throwError, type Observable } from 'rxjs';
import { IdentityVerifyError } from './errors/identity-verify.error.js';
import { IdentityDeniedException, IdentityUnavailableException } from './identity-verify.exceptions.js';
import { mediaTypeFor, toProblemDetails, type ProblemDetails } from './http/problem-details.js';

type Caught = IdentityVerifyError | IdentityDeniedException | IdentityUnavailableException;

/**
 * Answers what this module throws with problem details (RFC 9457), on Express and on Fastify; microservices get the
 * same object as the error of their reply. For the whole application or for one controller.
 */
@Catch(IdentityVerifyError, IdentityDeniedException, IdentityUnavailableException)
export class IdentityVerifyExceptionFilter implements ExceptionFilter<Caught> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: Caught, host: ArgumentsHost): Observable<never> | void {
    const problem = problemOf(error);
    if (host.getType() === 'rpc') return throwError(() => problem);
    // GraphQL and WebSockets have their own way of carrying errors, and message and status are fit for it.
    if (host.getType() !== 'http') throw error;
    const { httpAdapter } = this.adapterHost;
    const http = host.switchToHttp();
    const response = http.getResponse<unknown>();
    const { headers } = http.getRequest<{ headers: Readonly<Record<string, string | undefined>> }>();
    httpAdapter.setHeader(response, 'Content-Type', mediaTypeFor(headers['accept']));
    if (problem.retryAfter !== undefined) httpAdapter.setHeader(response, 'Retry-After', String(problem.retryAfter));
    httpAdapter.reply(response, problem, problem.status);
  }
}

function problemOf(error: Caught): ProblemDetails {
  return error instanceof IdentityVerifyError ? toProblemDetails(error) : (error.getResponse() as ProblemDetails);
}
