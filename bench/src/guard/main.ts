// A guarded route whose answer is in the ledger, beside the same route without a guard, on Express and on Fastify.
import { TEST_POPULATION } from '@identity-verify/contract';
import { startMockServer } from '@identity-verify/mock-server';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { printSpread, spreadOf } from '../support/spread.js';

const ROUNDS = 7;
const WARM_UP_S = 2;
const ROUND_S = 3;
const CONNECTIONS = 50;
const ROUTES = ['unguarded', 'guarded'] as const;
type Route = (typeof ROUTES)[number];

const [person] = TEST_POPULATION;

async function load(url: string, route: Route, seconds: number): Promise<number> {
  const { requests, non2xx, errors } = await autocannon({
    url: `${url}/${route}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(person),
    connections: CONNECTIONS,
    duration: seconds,
  });
  if (non2xx + errors > 0) throw new Error(`${non2xx} replies of ${route} were no success, ${errors} failed`);
  return requests.average;
}

async function measure(platform: string, upstream: string): Promise<void> {
  const server: ChildProcess = fork(join(import.meta.dirname, 'server.process.js'), [platform, upstream]);
  try {
    const [url] = (await once(server, 'message')) as [string];
    const seen: Record<Route, number[]> = { unguarded: [], guarded: [] };
    for (const route of ROUTES) await load(url, route, WARM_UP_S);
    for (let round = 0; round < ROUNDS; round++) {
      // In turns, and the other way round each time, so that neither always has the quieter minute.
      for (const route of round % 2 === 0 ? ROUTES : ROUTES.toReversed())
        seen[route].push(await load(url, route, ROUND_S));
    }
    const ratios = seen.guarded.map((guarded, round) => guarded / seen.unguarded[round]!);
    console.log(
      `${platform.padEnd(8)} unguarded ${printSpread(spreadOf(seen.unguarded), 0)} req/s, guarded ` +
        `${printSpread(spreadOf(seen.guarded), 0)} req/s, ratio ${printSpread(spreadOf(ratios), 2)}`,
    );
  } finally {
    server.disconnect();
  }
}

const mock = await startMockServer({ port: 0 });
console.log(
  `Node ${process.version}; ${CONNECTIONS} connections, median (min – max) of ${ROUNDS} rounds of ${ROUND_S} s in turns.\n`,
);
try {
  for (const platform of ['express', 'fastify']) await measure(platform, mock.url);
} finally {
  await mock.close();
}
