import { defaultAppSecret } from '@identity-verify/mock-server';
import {
  IdentityVerifyGuard,
  IdentityVerifyModule,
  IdentityVerifyService,
  RequireVerifiedIdentity,
  verifiedIdentityOf,
  type Identity,
  type IdentityVerifyOptions,
  type TenantAccount,
  type VerifiedIdentity,
} from '@identity-verify/nestjs';
import type { ExecutionContext, LoggerService } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { Test, type TestingModule } from '@nestjs/testing';
import { DEADLINE_MS, LIFETIMES } from './journal.oracle.js';
import type { Scope } from './schedule.steps.js';

/** The credentials of each account, and the owner of its namespace at the mock. */
const APP_CODES = { own: 'schedule-own', code: 'schedule-code' };
const APP_KEY = 'schedule-key';
export const SECRETS = [...Object.values(APP_CODES), defaultAppSecret(APP_KEY)];
export const ownerOf = (scope: Scope) => (scope === 'signed' ? { appKey: APP_KEY } : APP_CODES[scope]);
const TENANTS: Readonly<Record<string, TenantAccount>> = {
  code: { credentials: { appCode: APP_CODES.code } },
  signed: { credentials: { appKey: APP_KEY, appSecret: defaultAppSecret(APP_KEY) } },
};

const pepper = (kid: string) => ({ kid, secret: `pepper ${kid} of the schedules, which is long enough` });
/** Two rotations: a new pepper is read everywhere before it writes anywhere. */
const PEPPERS = [['1'], ['1', '2'], ['2', '1'], ['2', '1', '3'], ['3', '2', '1']].map((kids) => kids.map(pepper));
export const LAST_STAGE = PEPPERS.length - 1;

/** Handlers behind the guard, one for each way of asking. */
class Doors {
  @RequireVerifiedIdentity()
  plain() {}
  @RequireVerifiedIdentity({ verify: { maxAgeMs: 0 } })
  fresh() {}
  @RequireVerifiedIdentity({ verify: { repeatInDoubt: true } })
  insisting() {}
  @RequireVerifiedIdentity({ verify: { maxAgeMs: 0, repeatInDoubt: true } })
  both() {}
}

/** The guard, with the tenant of the request. */
class TenantGuard extends IdentityVerifyGuard {
  protected override tenantOf(context: ExecutionContext): string | undefined {
    return context.switchToHttp().getRequest<{ tenant?: string }>().tenant;
  }
}

/** How a question is asked. */
export interface Asking {
  readonly scope: Scope;
  readonly fresh: boolean;
  readonly insist: boolean;
}

/** The options that differ from world to world. */
export type WorldOptions = Pick<IdentityVerifyOptions, 'clock' | 'ledger' | 'budget' | 'baseUrl' | 'audit' | 'onEvent'>;

/** One process of the application: the module with its default transport, its service and its guard. */
export class ClientProcess {
  readonly service: IdentityVerifyService;
  readonly #module: TestingModule;
  readonly #guard: TenantGuard;

  private constructor(
    module: TestingModule,
    /** How far the rotation of the pepper has come. */
    readonly stage: number,
  ) {
    this.#module = module;
    this.service = module.get(IdentityVerifyService);
    this.#guard = module.get(TenantGuard);
  }

  static async start(options: WorldOptions, stage: number, logger: LoggerService): Promise<ClientProcess> {
    const module = await Test.createTestingModule({
      imports: [
        IdentityVerifyModule.forRoot({
          ...options,
          credentials: { appCode: APP_CODES.own },
          tenants: (tenant) => TENANTS[tenant],
          pepper: PEPPERS[stage],
          random: () => 0.5,
          deadlineMs: DEADLINE_MS,
          attemptTimeoutMs: DEADLINE_MS - 100,
          lifetimes: LIFETIMES,
          subjectLimit: { perIdNumber: 6, perMobile: 6, windowMs: 60_000 },
          breaker: { failures: 4, openMs: 800 },
          latches: { quotaMs: 2_000, accessMs: 800 },
          limiter: { concurrency: 2, queue: 3 },
        }),
      ],
      providers: [TenantGuard],
    })
      .setLogger(logger)
      .compile();
    await module.init();
    return new ClientProcess(module, stage);
  }

  verify(identity: Identity, { scope, fresh, insist }: Asking, signal: AbortSignal) {
    return this.service.verify(identity, {
      signal,
      purpose: 'schedule',
      repeatInDoubt: insist,
      ...(fresh && { maxAgeMs: 0 }),
      ...(scope !== 'own' && { tenant: scope }),
    });
  }

  /** Asks through the guard. Resolves with what the handler is given if the guard lets the request in. */
  async enter(body: Identity, { scope, fresh, insist }: Asking): Promise<VerifiedIdentity> {
    const { plain, fresh: renewing, insisting, both } = Doors.prototype;
    const handler = fresh ? (insist ? both : renewing) : insist ? insisting : plain;
    const request = { body, headers: {}, ...(scope !== 'own' && { tenant: scope }) };
    const context = new ExecutionContextHost([request, {}], Doors, handler);
    const isLetIn = await this.#guard.canActivate(context);
    const verified = verifiedIdentityOf(context);
    if (!isLetIn || !verified) throw new Error('a guard lets in who is verified, or throws');
    return verified;
  }

  async spent(scope: Scope) {
    return this.service.spent(scope === 'own' ? {} : { tenant: scope });
  }

  close(): Promise<void> {
    return this.#module.close();
  }
}
