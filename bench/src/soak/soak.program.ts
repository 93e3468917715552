/** `pnpm soak`: see tools/soak.mjs. Started with `--expose-gc`; the mock runs in a process of its own. */
import { TEST_MOBILES, TEST_POPULATION } from '@identity-verify/contract';
import { RemoteNamespace } from '@identity-verify/mock-server';
import {
  checkIdNumber,
  IdentityVerifyModule,
  IdentityVerifyService,
  isIdentityVerifyError,
  MemoryLedger,
  type Identity,
  type Ledger,
} from '@identity-verify/nestjs';
import { RedisLedger } from '@identity-verify/redis';
import { NestFactory } from '@nestjs/core';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import 'reflect-metadata';
import { startRedis } from '../redis/redis.server.js';

const [count = 1_000_000, maxMinutes = 120] = process.argv.slice(2, 4).map(Number);
const ledgers = process.argv.slice(4);

const CONCURRENT = 64;
const SAMPLES = 24;
const FEN_PER_CALL = 42;
/** Faults that end at the deadline are one question in so many, because each takes that long. */
const SLOW_ONE_IN = 2_000;
/** Errors that close a latch, and so refuse whatever is asked at the same time, are one question in so many. */
const LATCHING_ONE_IN = 400;
const LATCHING = /AUTHENTICATION|AUTHORIZATION|QUOTA|DISABLED|CONFIGURATION/;
const DEADLINE_MS = 10_000;
/** Heap that may stay behind, in bytes a verification: below any object that would be kept for each. */
const MOST_BYTES = 16;
/** What a heap varies by between two collections, which weighs more in a short run. */
const NOISE_BYTES = 2_000_000;

const [{ name }] = TEST_POPULATION;
const isSlow = (description: { scenario: { kind: string; fault?: string } }) =>
  description.scenario.kind === 'fault' && /hang|drip|flood/.test(description.scenario.fault ?? '');
const slow = TEST_MOBILES.filter(isSlow).map(({ mobile }) => mobile);
/** Faults that lose a request before the mock reads it. The client cannot know, so the charge is not in the bill. */
const UNREAD = new Set([
  'reset-at-connect',
  // Loses the next request on the same connection.
  'early-close',
]);
let fast: readonly string[] = TEST_MOBILES.filter(
  (each) => !isSlow(each) && !(each.scenario.kind === 'fault' && UNREAD.has(each.scenario.fault)),
).map(({ mobile }) => mobile);
let latching: readonly string[] = [];

/** Synthetic people, born on 1900-01-01. */
const people = Array.from({ length: 50 }, (_, index) => {
  const digits = `11010119000101${String(index).padStart(3, '0')}`;
  return digits + Array.from('0123456789X').find((each) => checkIdNumber(digits + each, { today: 20_000_101 }).ok);
});

/** The question of a number: every fifth is a match, of a few people, so that many answers come from the ledger. */
function question(index: number): { identity: Identity; maxAgeMs?: number } {
  const idCard = people[index % people.length] ?? '';
  if (index % SLOW_ONE_IN === 7) return { identity: { name, idCard, mobile: pick(slow, index / SLOW_ONE_IN) } };
  if (index % LATCHING_ONE_IN === 11) {
    return { identity: { name, idCard, mobile: pick(latching, index / LATCHING_ONE_IN) }, maxAgeMs: 0 };
  }
  if (index % 5 === 0) return { identity: { name, idCard, mobile: pick(fast, 0) } };
  return { identity: { name, idCard, mobile: pick(fast, index) }, ...(index % 3 === 0 && { maxAgeMs: 0 }) };
}

function pick<T>(list: readonly T[], index: number): T {
  const found = list[Math.floor(index) % list.length];
  if (found === undefined) throw new Error('an empty list');
  return found;
}

/** What keeps a process busy, by kind: timers, sockets, handles. */
function resources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

const listed = (counts: Map<string, number>) => [...counts].map(([kind, number]) => `${kind} ${number}`).join(', ');

async function keptBytes(): Promise<number> {
  // Twice, with a turn between: finalisers of the first collection free more.
  for (let turn = 0; turn < 2; turn++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

/** Bytes a verification, by least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const above = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return above / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

/** Asks about every mobile once: which of them close a latch, and what the process opens for good. */
async function warmUp(baseUrl: string): Promise<void> {
  const context = await NestFactory.createApplicationContext(
    IdentityVerifyModule.forRoot({ credentials: { appCode: 'soak-warm-up' }, baseUrl, subjectLimit: false }),
    { logger: false },
  );
  const service = context.get(IdentityVerifyService);
  const closing: string[] = [];
  for (const [index, mobile] of fast.entries()) {
    const error = await service
      .verify({ name, idCard: pick(people, index), mobile })
      .catch((thrown: unknown) => thrown);
    if (isIdentityVerifyError(error) && LATCHING.test(error.code)) {
      closing.push(mobile);
      await service.reopen();
    }
  }
  latching = closing;
  fast = fast.filter((mobile) => !closing.includes(mobile));
  await context.close();
  console.log(
    `${fast.length} scenarios, ${slow.length} that last until the deadline, ${latching.length} that close a latch`,
  );
}

async function soak(kind: string, baseUrl: string, number: number, endsAt: number): Promise<string[]> {
  const baseline = resources();
  const redis = kind === 'redis' ? await startRedis() : undefined;
  const ledger: Ledger = redis ? new RedisLedger({ url: redis.url, timeoutMs: 10_000 }) : new MemoryLedger();
  const appCode = `soak-${kind}`;
  const context = await NestFactory.createApplicationContext(
    IdentityVerifyModule.forRoot({
      credentials: { appCode },
      baseUrl,
      ledger,
      pepper: 'a pepper of the soak, which nobody else uses',
      deadlineMs: DEADLINE_MS,
      ledgerTimeoutMs: DEADLINE_MS,
      subjectLimit: false,
      budget: { callsPerMonth: 1_000_000_000, fenPerCall: FEN_PER_CALL },
      lifetimes: {
        matchMs: 2_000,
        mismatchMs: 2_000,
        noRecordMs: 2_000,
        unknownMs: 2_000,
        sameParameterBlockMs: 1_000,
      },
      latches: { accessMs: 1, quotaMs: 1 },
      breaker: { failures: 1_000, openMs: 1 },
      retry: { baseMs: 1, capMs: 1 },
      limiter: { concurrency: CONCURRENT, queue: CONCURRENT },
    }),
    { logger: false },
  );
  const service = context.get(IdentityVerifyService);
  const outcomes = new Map<string, number>();
  const unexpected: unknown[] = [];
  const heap: [number, number][] = [];
  let done = 0;
  const began = performance.now();
  const ask = async (index: number) => {
    const { identity, ...how } = question(index);
    try {
      const { outcome, source } = await service.verify(identity, { ...how, repeatInDoubt: index % 2 === 0 });
      add(`${outcome} ${source}`);
    } catch (error) {
      if (!isIdentityVerifyError(error)) unexpected.push(error);
      else {
        add(error.code);
        if (LATCHING.test(error.code)) await service.reopen();
      }
    }
    done++;
  };
  const add = (what: string) => outcomes.set(what, (outcomes.get(what) ?? 0) + 1);

  const each = Math.ceil(number / SAMPLES);
  for (let sample = 0; sample < SAMPLES && Date.now() < endsAt; sample++) {
    let next = sample * each;
    const last = Math.min(number, next + each);
    await Promise.all(
      Array.from({ length: CONCURRENT }, async () => {
        while (next < last) await ask(next++);
      }),
    );
    const bytes = await keptBytes();
    heap.push([done, bytes]);
    console.log(`${kind}: ${done} of ${number}, heap ${(bytes / 1e6).toFixed(1)} MB`);
  }
  const seconds = (performance.now() - began) / 1_000;

  const { thisMonth } = await service.spent();
  const cost = await new RemoteNamespace({ url: baseUrl, appCode }).cost();
  await context.close();
  await redis?.close();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const after = resources();

  const left = [...after.keys()].filter((each) => (after.get(each) ?? 0) > (baseline.get(each) ?? 0));
  const bill = cost.fenAtMost;
  const charged = thisMonth.calls * FEN_PER_CALL;
  // The first quarter warms up: code is compiled, and the ledger fills to what its lifetimes keep.
  const slope = slopeOf(heap.slice(Math.ceil(heap.length / 4)));
  console.log(
    `${kind}: ${done} verifications in ${seconds.toFixed(0)} s, ${(done / seconds).toFixed(0)} a second; calls ${cost.calls}, ` +
      `bill ${bill} fen, ledger ${charged} fen; heap ${slope.toFixed(2)} bytes a verification\n` +
      `${kind}: resources before: ${listed(baseline)}; after: ${listed(after)}\n` +
      [...outcomes]
        .toSorted(([, a], [, b]) => b - a)
        .map(([what, times]) => `  ${what}: ${times}`)
        .join('\n'),
  );
  return [
    ...(done < number ? [`${kind}: stopped after ${done} of ${number}, at the time limit`] : []),
    ...(unexpected.length > 0
      ? [`${kind}: ${unexpected.length} unexpected errors, such as ${String(unexpected[0])}`]
      : []),
    ...(bill === charged ? [] : [`${kind}: the bill is ${bill} fen, and the ledger charged ${charged} fen`]),
    ...(slope <= Math.max(MOST_BYTES, NOISE_BYTES / number)
      ? []
      : [`${kind}: the heap grows by ${slope.toFixed(1)} bytes a verification`]),
    ...(left.length === 0 ? [] : [`${kind}: resources are left over: ${left.join(', ')}`]),
  ];
}

process.on('unhandledRejection', (error) => {
  console.error('unhandled rejection', error);
  process.exit(1);
});
const endsAt = Date.now() + maxMinutes * 60_000;
const mock = fork(join(import.meta.dirname, '..', 'client', 'mock.process.js'), { execArgv: [] });
const [url] = (await once(mock, 'message')) as [string];
const faults: string[] = [];
await warmUp(url);
for (const kind of ledgers) faults.push(...(await soak(kind, url, Math.ceil(count / ledgers.length), endsAt)));
mock.disconnect();
for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? 'soak: passed' : 'soak: failed');
process.exitCode = faults.length === 0 ? 0 : 1;
