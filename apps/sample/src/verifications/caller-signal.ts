import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { ServerResponse } from 'node:http';

/**
 * Injects an AbortSignal that aborts when the caller closes the connection before the reply. Then a question that is not
 * sent yet is not sent, and costs nothing; one that was sent continues, and its answer is kept in the ledger.
 */
export const CallerSignal = createParamDecorator((_data: unknown, context: ExecutionContext): AbortSignal => {
  const response = context.switchToHttp().getResponse<ServerResponse>();
  const caller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) caller.abort();
  });
  return caller.signal;
});
