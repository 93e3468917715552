import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { IdentityVerifyError, PROBLEM_MEDIA_TYPE, toProblemDetails } from '@identity-verify/nestjs';

/** For back offices: problem details that also say what the question cost. The filter for everybody keeps that to itself. */
@Catch(IdentityVerifyError)
export class BillingFilter implements ExceptionFilter<IdentityVerifyError> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: IdentityVerifyError, host: ArgumentsHost): void {
    const { httpAdapter } = this.adapterHost;
    const response = host.switchToHttp().getResponse<unknown>();
    const problem = toProblemDetails(error);
    httpAdapter.setHeader(response, 'Content-Type', PROBLEM_MEDIA_TYPE);
    if (problem.retryAfter !== undefined) httpAdapter.setHeader(response, 'Retry-After', String(problem.retryAfter));
    // As text: given an object, Nest 11.2 on Express replaces the content type.
    httpAdapter.reply(response, JSON.stringify({ ...problem, billed: error.billed }), problem.status);
  }
}
