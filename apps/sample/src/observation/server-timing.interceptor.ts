import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { tap, type Observable } from 'rxjs';
import { currentTimeline } from './call.timeline.js';

/**
 * Adds the durations of a question to `Server-Timing`, also for errors. The header reveals whether the answer came from
 * the ledger, so do not use it on guarded routes.
 */
@Injectable()
export class ServerTimingInterceptor implements NestInterceptor {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const response = context.switchToHttp().getResponse<unknown>();
    const tell = () => {
      const timing = currentTimeline()?.toServerTiming();
      if (timing) this.adapterHost.httpAdapter.setHeader(response, 'Server-Timing', timing);
    };
    return next.handle().pipe(tap({ next: tell, error: tell }));
  }
}
