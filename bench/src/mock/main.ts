// Compares the mock with peers: start to first reply, requests per second and p99 at 50 connections, and memory.
import { isMarkdownOnly, printGoals, type GoalRow } from '../support/goals.table.js';
import { spreadOf } from '../support/spread.js';
import { load, type LoadResult } from './load.js';
import { startMeasured, type MeasuredProcess } from './measured-process.js';
import { PEERS, type Peer } from './peers.js';

/** Number of rounds. All peers take turns in each, so that a slow minute affects all of them. */
const ROUNDS = 4;
/** Starts of each server, in turns. A start takes a tenth of a second, and so other work on the machine shows in it. */
const STARTS = 21;
const WARM_UP_S = 3;
const ROUND_S = 5;
/** Duration of the long load, after which the memory must be flat. */
const SOAK_S = 60;
/** Growth is counted from here, after the warm-up. */
const SOAK_SETTLED_S = 15;
const FIRST_PORT = 19_790;

interface Row {
  readonly peer: Peer;
  readonly port: number;
  readonly starts: number[];
  readonly loads: LoadResult[];
  /** Processor time of the server per request, in microseconds. */
  readonly cpuUs: number[];
  memory?: { settled: number; end: number };
}

const skipped: string[] = [];

async function withPeer<T>(row: Row, use: (server: MeasuredProcess) => Promise<T>): Promise<T | undefined> {
  const command = row.peer.prepare(row.port);
  if (typeof command === 'string') throw new Error(command);
  const server = await startMeasured(command, row.port);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

async function start(row: Row): Promise<void> {
  await withPeer(row, (server) => Promise.resolve(row.starts.push(server.firstReplyMs)));
}

async function round(row: Row): Promise<void> {
  await withPeer(row, async (server) => {
    await load(row.port, WARM_UP_S);
    const before = server.cpuMs();
    const result = await load(row.port, ROUND_S);
    row.loads.push(result);
    row.cpuUs.push(((server.cpuMs() - before) * 1000) / (result.requestsPerSecond * ROUND_S));
  });
}

async function soak(row: Row): Promise<void> {
  await withPeer(row, async (server) => {
    const running = load(row.port, SOAK_S);
    await new Promise((resolve) => setTimeout(resolve, SOAK_SETTLED_S * 1000));
    const settled = server.rssMiB();
    await running;
    row.memory = { settled, end: server.rssMiB() };
  });
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const spread = (values: readonly number[]) => `${Math.round(Math.min(...values))}–${Math.round(Math.max(...values))}`;

/** The available peers; the others with the reason. */
async function available(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [index, peer] of PEERS.entries()) {
    const row: Row = { peer, port: FIRST_PORT + index, starts: [], loads: [], cpuUs: [] };
    try {
      // The first start reads from a cold disk and is not counted.
      await withPeer(row, () => Promise.resolve());
      rows.push(row);
    } catch (error) {
      skipped.push(`${peer.name} is skipped: ${error instanceof Error ? error.message : 'it failed'}.`);
    }
  }
  return rows;
}

function print(rows: readonly Row[]): void {
  const reference = median(rows[0]?.loads.map(({ requestsPerSecond }) => requestsPerSecond) ?? []);
  console.log(
    `\n${STARTS} starts, ${ROUNDS} rounds of ${ROUND_S} s, 50 connections; memory after ${SOAK_S} s of load. Medians, in brackets the spread.\n`,
  );
  console.log(
    '| server | does | first reply, ms | requests/s | ÷ node:http | CPU, µs/request | p99, ms | memory, MiB | growth after 15 s | failures |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|');
  for (const { peer, starts, loads, cpuUs, memory } of rows) {
    const rates = loads.map(({ requestsPerSecond }) => requestsPerSecond);
    const cells = [
      peer.name,
      peer.does,
      `${Math.round(median(starts))} (${spread(starts)})`,
      `${Math.round(median(rates))} (${spread(rates)})`,
      (median(rates) / reference).toFixed(2),
      `${Math.round(median(cpuUs))} (${spread(cpuUs)})`,
      String(median(loads.map(({ p99Ms }) => p99Ms))),
      memory ? memory.end.toFixed(0) : '–',
      memory ? (memory.end - memory.settled).toFixed(1) : '–',
      String(loads.reduce((sum, { failures }) => sum + failures, 0)),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  for (const line of skipped) console.log(line);
}

/** The ratios of each server to the first one, round by round: of requests per second, and of the start. */
function goalsOf([reference, ...others]: readonly Row[]): GoalRow[] {
  const ratios = (read: (row: Row) => readonly number[], row: Row) => {
    const peers = reference ? read(reference) : [];
    return read(row).map((value, at) => value / (peers[at] ?? Number.NaN));
  };
  return others.flatMap((row) => [
    {
      row: `requests/s, ${row.peer.name} ÷ ${reference?.peer.name}`,
      seen: spreadOf(ratios(({ loads }) => loads.map(({ requestsPerSecond }) => requestsPerSecond), row)),
      cpu: spreadOf(ratios(({ cpuUs }) => cpuUs.map((us) => 1 / us), row)),
      ...(row.peer.isOurs && { goal: '≥ 0.5' }),
    },
    {
      row: `start to first reply, ${row.peer.name} ÷ ${reference?.peer.name}`,
      seen: spreadOf(ratios(({ starts }) => starts, row)),
      ...(row.peer.isOurs && { goal: '≤ 1.4' }),
    },
  ]);
}

async function main(): Promise<void> {
  const rows = await available();
  for (let i = 0; i < STARTS; i++) for (const row of rows) await start(row);
  for (let i = 0; i < ROUNDS; i++) for (const row of rows) await round(row);
  if (isMarkdownOnly) {
    printGoals(
      'mock',
      `median (min – max) of ${STARTS} starts, and ${ROUNDS} rounds of ${ROUND_S} s, in turns, 50 connections`,
      goalsOf(rows),
    );
    for (const line of skipped) console.log(`\n${line}`);
    return;
  }
  for (const row of rows) await soak(row);
  print(rows);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
