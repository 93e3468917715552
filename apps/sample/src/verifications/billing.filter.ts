import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { IdentityVerifyError, PROBLEM_MEDIA_TYPE, toProblemDetails } from '@identity-verify/nestjs';

/** Adds the billing to the problem details, for back offices. The general filter omits it. */
@Catch(IdentityVerifyError)
export class BillingFilter implements ExceptionFilter<IdentityVerifyError> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: IdentityVerifyError, host: ArgumentsHost): void {
    const { httpAdapter } = this.adapterHost;
    const response = host.switchToHttp().getResponse<unknown>();
    const problem = toProblemDetails(error);
    httpAdapter.setHeader(response, 'Content-Type', PROBLEM_MEDIA_TYPE);
    if (problem.retryAfter !== undefined) httpAdapter.setHeader(response, 'Retry-After', String(problem.retryAfter));
    // Sent as a string, because Nest 11.2 on Express replaces the content type of an object.
    httpAdapter.reply(response, JSON.stringify({ ...problem, billed: error.billed }), problem.status);
  }
}
