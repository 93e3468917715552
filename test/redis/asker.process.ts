/** One of several application processes that share a ledger. The parent process sends it the identities. */
import {
  IdentityVerifyModule,
  IdentityVerifyService,
  isIdentityVerifyError,
  type Identity,
} from '@identity-verify/nestjs';
import { RedisLedger } from '@identity-verify/redis';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import { setTimeout as pause } from 'node:timers/promises';
import 'reflect-metadata';

export interface AskerSettings {
  readonly redisUrl: string;
  /** In place of `redisUrl`: the sentinels that know the master, and the name they know it by. */
  readonly sentinels?: { readonly ports: readonly number[]; readonly name: string };
  readonly minReplicas?: number;
  readonly subjectLimit?: { readonly perIdNumber: number; readonly perMobile: number; readonly windowMs: number };
  readonly upstreamUrl: string;
  readonly prefix: string;
  readonly pepper: readonly { readonly kid: string; readonly secret: string }[];
  readonly callsPerDay: number;
  readonly deadlineMs: number;
  readonly unknownMs: number;
}

export type AskerOrder =
  | {
      readonly do: 'ask';
      readonly identities: readonly Identity[];
      readonly concurrency: number;
      /** How often a question is asked at most while the ledger cannot be reached. */
      readonly tries: number;
    }
  | { readonly do: 'stop' };

/** The number of calls per result: an outcome with its source, or an error code. */
export type AskerReport = Readonly<Record<string, number>>;

const REFUSED = 'IDV_LEDGER_UNAVAILABLE';
/** Between two tries of a question, as an application would wait. */
const PAUSE_MS = 25;

function ledgerOf({ redisUrl, sentinels, prefix, minReplicas = 0 }: AskerSettings): RedisLedger {
  if (!sentinels) return new RedisLedger({ url: redisUrl, prefix, minReplicas, timeoutMs: 5_000 });
  const client = new Redis({
    sentinels: sentinels.ports.map((port) => ({ host: '127.0.0.1', port })),
    name: sentinels.name,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
  });
  client.on('error', () => undefined);
  process.once('disconnect', () => client.disconnect());
  return new RedisLedger({ client, prefix, minReplicas, replicaTimeoutMs: 2_000 });
}

async function main(settings: AskerSettings): Promise<void> {
  const app = await NestFactory.createApplicationContext(
    IdentityVerifyModule.forRoot({
      credentials: { appCode: 'an-app-code-of-the-tests' },
      baseUrl: settings.upstreamUrl,
      pepper: settings.pepper,
      deadlineMs: settings.deadlineMs,
      attemptTimeoutMs: settings.deadlineMs,
      // Long, because several processes share a few cores.
      ledgerTimeoutMs: 5_000,
      // A claim that is granted just before the deadline ends in a time-out. It is the ledger that is tested, not the circuit.
      breaker: { failures: 10_000, openMs: 1 },
      lifetimes: { unknownMs: settings.unknownMs },
      budget: { callsPerDay: settings.callsPerDay },
      limiter: { concurrency: 1_000, queue: 10_000 },
      subjectLimit: settings.subjectLimit,
      ledger: ledgerOf(settings),
    }),
    { logger: false },
  );
  const service = app.get(IdentityVerifyService);

  const endOf = (identity: Identity): Promise<string> =>
    service.verify(identity).then(
      ({ outcome, source }) => `${outcome} ${source}`,
      (error: unknown) => (isIdentityVerifyError(error) ? error.code : String(error)),
    );

  const ask = async ({ identities, concurrency, tries }: Extract<AskerOrder, { do: 'ask' }>): Promise<AskerReport> => {
    const report: Record<string, number> = {};
    const waiting = [...identities];
    const one = async () => {
      for (let identity = waiting.pop(); identity; identity = waiting.pop()) {
        let end = await endOf(identity);
        for (let tried = 1; end === REFUSED && tried < tries; tried++) {
          await pause(PAUSE_MS);
          end = await endOf(identity);
        }
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
