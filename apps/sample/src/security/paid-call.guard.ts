import { HttpException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { SampleConfig } from '../config/sample.config.js';
import { chooseUpstream } from '../config/upstream.choice.js';

/** The header with which a caller confirms that the call may cost money. */
export const CONFIRM_HEADER = 'x-confirm-paid-call';

/** With real credentials, requires a confirmation that the call may cost money (428). */
@Injectable()
export class PaidCallGuard implements CanActivate {
  readonly #live: boolean;

  constructor(config: SampleConfig) {
    this.#live = chooseUpstream(config).live;
  }

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<IncomingMessage>();
    if (this.#live && headers[CONFIRM_HEADER] !== 'yes') throw new HttpException('Confirm the paid call', 428);
    return true;
  }
}
