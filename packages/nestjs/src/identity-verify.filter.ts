import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { IdentityVerifyError } from './errors/identity-verify.error.js';
import { PROBLEM_MEDIA_TYPE, toProblemDetails } from './http/problem-details.js';

/** Answers errors of this module with problem details (RFC 9457), on Express and on Fastify. */
@Catch(IdentityVerifyError)
export class IdentityVerifyExceptionFilter implements ExceptionFilter<IdentityVerifyError> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: IdentityVerifyError, host: ArgumentsHost): void {
    const { httpAdapter } = this.adapterHost;
    const response = host.switchToHttp().getResponse<unknown>();
    const problem = toProblemDetails(error);
    httpAdapter.setHeader(response, 'Content-Type', PROBLEM_MEDIA_TYPE);
    if (problem.retryAfter !== undefined) httpAdapter.setHeader(response, 'Retry-After', String(problem.retryAfter));
    httpAdapter.reply(response, problem, problem.status);
  }
}
