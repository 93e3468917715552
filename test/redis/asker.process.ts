/** One of several application processes that share a ledger. The parent process sends it the identities. */
import {
  IdentityVerifyModule,
  IdentityVerifyService,
  isIdentityVerifyError,
  type Identity,
} from '@identity-verify/nestjs';
import { RedisLedger } from '@identity-verify/redis';
import { NestFactory } from '@nestjs/core';
import 'reflect-metadata';

export interface AskerSettings {
  readonly redisUrl: string;
  readonly upstreamUrl: string;
  readonly prefix: string;
  readonly pepper: readonly { readonly kid: string; readonly secret: string }[];
  readonly callsPerDay: number;
  readonly deadlineMs: number;
  readonly unknownMs: number;
}

export type AskerOrder =
  | { readonly do: 'ask'; readonly identities: readonly Identity[]; readonly concurrency: number }
  | { readonly do: 'stop' };

/** The number of calls per result: an outcome with its source, or an error code. */
export type AskerReport = Readonly<Record<string, number>>;

async function main(settings: AskerSettings): Promise<void> {
  const ledger = new RedisLedger({ url: settings.redisUrl, prefix: settings.prefix, timeoutMs: 5_000 });
  const app = await NestFactory.createApplicationContext(
    IdentityVerifyModule.forRoot({
      credentials: { appCode: 'an-app-code-of-the-tests' },
      baseUrl: settings.upstreamUrl,
      pepper: settings.pepper,
      deadlineMs: settings.deadlineMs,
      attemptTimeoutMs: settings.deadlineMs,
      // Long, because several processes share a few cores.
      ledgerTimeoutMs: 5_000,
      lifetimes: { unknownMs: settings.unknownMs },
      budget: { callsPerDay: settings.callsPerDay },
      limiter: { concurrency: 1_000, queue: 10_000 },
      ledger,
    }),
    { logger: false },
  );
  const service = app.get(IdentityVerifyService);

  const ask = async ({ identities, concurrency }: Extract<AskerOrder, { do: 'ask' }>): Promise<AskerReport> => {
    const report: Record<string, number> = {};
    const waiting = [...identities];
    const one = async () => {
      for (let identity = waiting.pop(); identity; identity = waiting.pop()) {
        const end = await service.verify(identity).then(
          ({ outcome, source }) => `${outcome} ${source}`,
          (error: unknown) => (isIdentityVerifyError(error) ? error.code : String(error)),
        );
        report[end] = (report[end] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, one));
    return report;
  };

  process.on('message', (order: AskerOrder) => {
    if (order.do === 'ask') void ask(order).then((report) => process.send?.(report));
    else void app.close().then(() => process.disconnect());
  });
  process.send?.('ready');
}

void main(JSON.parse(process.argv[2] ?? '') as AskerSettings);
