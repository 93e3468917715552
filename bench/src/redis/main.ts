import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { printDetail, printGoals, type GoalRow } from '../support/goals.table.js';
import { printSpread, spreadOf } from '../support/spread.js';
import type { Task } from './caller.process.js';
import { FLOOR, LEDGER, NAMES, PLAIN, type Name } from './callers.js';
import { startRedis } from './redis.server.js';

const ROUNDS = 15;
const CALLS_A_ROUND = 200;
const AT_ONCE = 50;

const server = await startRedis();
const processes: ChildProcess[] = [];
const goals: GoalRow[] = [];
try {
  printDetail(
    `Node ${process.version}; µs a call in each process, median (min – max) of ${ROUNDS} rounds, the callers taking turns within each.`,
  );
  for (const count of [1, 2, 4]) {
    while (processes.length < count) processes.push(await start(processes.length));
    for (const atOnce of [1, AT_ONCE]) {
      for (const row of ['hit', 'cold'] as const) await compare({ row, atOnce, calls: CALLS_A_ROUND }, count);
    }
  }
  printGoals('redis', `median (min – max) of ${ROUNDS} rounds, the callers taking turns within each`, goals);
} finally {
  for (const each of processes) each.disconnect();
  await server.close();
}

async function start(number: number): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'caller.process.js'), [server.url, String(number)]);
  await once(child, 'message');
  return child;
}

/** Microseconds a call, the mean of all processes, which work at the same time. */
async function measure(task: Task): Promise<number> {
  const times = processes.map(async (each) => {
    const answer = once(each, 'message');
    each.send(task);
    return Number((await answer)[0]);
  });
  const seen = await Promise.all(times);
  return seen.reduce((sum, time) => sum + time, 0) / seen.length;
}

/** Measures all in turns, and prints each beside the plain pair and the empty script. */
async function compare(task: Omit<Task, 'caller'>, count: number): Promise<void> {
  const seen = new Map<Name, number[]>(NAMES.map((name) => [name, []]));
  for (const caller of NAMES) await measure({ ...task, caller }); // warm
  for (let round = 0; round < ROUNDS; round++) {
    // Each round begins with another one, so that none always comes after the same neighbour.
    for (const turn of NAMES.keys()) {
      const caller = NAMES[(turn + round) % NAMES.length]!;
      seen.get(caller)!.push(await measure({ ...task, caller }));
    }
  }
  const what = task.row === 'hit' ? 'A hit' : 'A paid call: look-up and write';
  const how = task.atOnce === 1 ? 'one after the other' : `${task.atOnce} at once`;
  printDetail(`\n${what}; ${count} ${count === 1 ? 'process' : 'processes'}, ${how}:`);
  printDetail(`  ${''.padEnd(36)} ${'µs'.padEnd(26)}   ${'÷ GET, SET'.padEnd(22)}   ÷ empty script`);
  for (const name of NAMES) {
    const times = seen.get(name)!;
    const against = (to: Name) => spreadOf(times.map((time, round) => time / seen.get(to)![round]!));
    const ratio = (to: Name) => printSpread(against(to), 2).padEnd(20);
    if (name === LEDGER) {
      const row = `${task.row === 'hit' ? 'a hit ÷ GET' : 'claim and settle ÷ GET and SET'}; ${count} × ${how}`;
      goals.push({ row, seen: against(PLAIN), goal: '≤ 1.5' });
    }
    printDetail(
      `  ${name.padEnd(36)} ${printSpread(spreadOf(times)).padEnd(26)} × ${ratio(PLAIN)}   × ${ratio(FLOOR)}`,
    );
  }
}
