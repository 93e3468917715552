// A guarded route whose answer is in the ledger, beside the same route without a guard, on Express and on Fastify. The
// processor time of the server is the same on a busy machine; requests per second are not.
import { TEST_POPULATION } from '@identity-verify/contract';
import { startMockServer } from '@identity-verify/mock-server';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { printDetail, printGoals, type GoalRow } from '../support/goals.table.js';
import { printSpread, spreadOf } from '../support/spread.js';

const ROUNDS = 25;
const WARM_UP_S = 2;
const ROUND_S = 2;
const CONNECTIONS = 50;
const ROUTES = ['unguarded', 'guarded'] as const;
type Route = (typeof ROUTES)[number];

const GOALS: Readonly<Record<string, string>> = { express: '≥ 0.9', fastify: '≥ 0.70' };
const goals: GoalRow[] = [];

const [person] = TEST_POPULATION;

/** The rate that a route was asked at, and what one request took of the server's processor. */
interface Load {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
}

async function load(server: ChildProcess, url: string, route: Route, seconds: number): Promise<Load> {
  const before = await cpuOf(server);
  const { requests, non2xx, errors } = await autocannon({
    url: `${url}/${route}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(person),
    connections: CONNECTIONS,
    duration: seconds,
  });
  if (non2xx + errors > 0) throw new Error(`${non2xx} replies of ${route} were no success, ${errors} failed`);
  const cpu = (await cpuOf(server)) - before;
  return { perSecond: requests.average, cpuMicroseconds: cpu / requests.total };
}

/** Processor time that a server has used, in microseconds. */
async function cpuOf(server: ChildProcess): Promise<number> {
  server.send('cpu');
  const [used] = (await once(server, 'message')) as [number];
  return used;
}

async function measure(platform: string, upstream: string): Promise<void> {
  const server: ChildProcess = fork(join(import.meta.dirname, 'server.process.js'), [platform, upstream]);
  try {
    const [url] = (await once(server, 'message')) as [string];
    const seen: Record<Route, Load[]> = { unguarded: [], guarded: [] };
    for (const route of ROUTES) await load(server, url, route, WARM_UP_S);
    for (let round = 0; round < ROUNDS; round++) {
      // In alternating order, so that a quiet minute does not always favour the same route.
      for (const route of round % 2 === 0 ? ROUTES : ROUTES.toReversed())
        seen[route].push(await load(server, url, route, ROUND_S));
    }
    const each = (read: (guarded: Load, unguarded: Load) => number) =>
      spreadOf(seen.guarded.map((guarded, round) => read(guarded, seen.unguarded[round]!)));
    goals.push({
      row: `requests/s on ${platform}, guarded with a hit ÷ unguarded`,
      seen: each((guarded, unguarded) => guarded.perSecond / unguarded.perSecond),
      cpu: each((guarded, unguarded) => unguarded.cpuMicroseconds / guarded.cpuMicroseconds),
      goal: GOALS[platform] ?? '',
    });
    printDetail(
      `${platform}\n` +
        `  req/s   unguarded ${printSpread(
          each((_, { perSecond }) => perSecond),
          0,
        )}, ` +
        `guarded ${printSpread(
          each(({ perSecond }) => perSecond),
          0,
        )}, ` +
        `ratio ${printSpread(
          each((guarded, unguarded) => guarded.perSecond / unguarded.perSecond),
          2,
        )}\n` +
        `  CPU µs  unguarded ${printSpread(
          each((_, { cpuMicroseconds }) => cpuMicroseconds),
          1,
        )}, ` +
        `guarded ${printSpread(
          each(({ cpuMicroseconds }) => cpuMicroseconds),
          1,
        )}, ` +
        `ratio ${printSpread(
          each((guarded, unguarded) => unguarded.cpuMicroseconds / guarded.cpuMicroseconds),
          2,
        )}`,
    );
  } finally {
    server.disconnect();
  }
}

const mock = await startMockServer({ port: 0 });
printDetail(
  `Node ${process.version}; ${CONNECTIONS} connections, median (min – max) of ${ROUNDS} rounds of ${ROUND_S} s in turns.\n`,
);
try {
  for (const platform of Object.keys(GOALS)) await measure(platform, mock.url);
  const rounds = `median (min – max) of ${ROUNDS} rounds of ${ROUND_S} s in turns`;
  printGoals('guard', `${CONNECTIONS} connections, ${rounds}`, goals);
} finally {
  await mock.close();
}
