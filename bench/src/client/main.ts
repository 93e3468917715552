import { TEST_POPULATION } from '@identity-verify/contract';
import { checkIdentity, UndiciTransport, type Identity } from '@identity-verify/nestjs';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { printDetail, printGoals, type GoalRow } from '../support/goals.table.js';
import { microseconds, printSpread, spreadOf } from '../support/spread.js';
import {
  nobody,
  openBareHttpService,
  openModule,
  openNodeHttp,
  openPinnedHttpService,
  openUndici,
  type Caller,
} from './callers.js';

const ROUNDS = 21;
const CALLS_A_ROUND = 300;
const CONCURRENT = 50;
const LOCAL_RUNS = 50_000;

const HIT = 'a hit: check, key, ledger';
const REFUSED = 'a refused input';
/** Goals, by row and by caller: one after the other, and all at once. */
const LOCAL_GOALS: Readonly<Record<string, string>> = { [HIT]: '≤ 4.2', [REFUSED]: '≤ 5' };
const DIRECT = 'IdentityVerifyService, UndiciTransport';
const goals: GoalRow[] = [];

const mock = fork(join(import.meta.dirname, 'mock.process.js'));
try {
  const [url] = (await once(mock, 'message')) as [string];
  await bench(url);
} finally {
  mock.disconnect();
}

async function bench(url: string): Promise<void> {
  const module = await openModule(url);
  const bare = await openBareHttpService(url);
  const undici = new UndiciTransport();
  const callers: Caller[] = [
    module,
    await openModule(url, DIRECT, undici),
    bare,
    await openPinnedHttpService(url),
    openNodeHttp(url),
    openUndici(url),
  ];
  const [person] = TEST_POPULATION;

  printDetail(
    `Node ${process.version}; median (min – max) of ${ROUNDS} rounds, the callers taking turns within each.\n`,
  );
  printDetail('Without a call, µs:');
  await module.service.verify(person);
  const today = 2026_01_01;
  const bad: Identity = { ...person, idCard: '110101190001010024' };
  const local: [string, (i: number) => unknown][] = [
    [HIT, () => module.service.verify(person)],
    ['  of which the check of the identity', () => checkIdentity(person, { today })],
    [REFUSED, () => module.service.verify(bad).catch(() => undefined)],
  ];
  for (const [name, run] of local) {
    await microseconds(LOCAL_RUNS, run); // warm
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await microseconds(LOCAL_RUNS / 5, run));
    const seen = spreadOf(rounds);
    printDetail(`  ${name.padEnd(40)} ${printSpread(seen, 2)}`);
    if (LOCAL_GOALS[name]) goals.push({ row: `${name}, µs`, seen, goal: LOCAL_GOALS[name] });
  }

  let next = 0;
  const one = (caller: Caller) => async () => void (await caller.ask(nobody(next++)));
  const many = (caller: Caller) => async () =>
    void (await Promise.all(Array.from({ length: CONCURRENT }, one(caller))));
  const sequential = { title: 'A cold call, µs', how: 'one after the other', goals: ['≤ 0.85', '≤ 0.55'] } as const;
  await compare(sequential, callers, bare, (caller) => microseconds(CALLS_A_ROUND, one(caller)));
  const concurrent = {
    title: `${CONCURRENT} cold calls at once, µs a call`,
    how: `${CONCURRENT} at once`,
    goals: ['≤ 0.75', '≤ 0.5'],
  } as const;
  await compare(
    concurrent,
    callers,
    bare,
    async (caller) => (await microseconds(CALLS_A_ROUND / 30, many(caller))) / CONCURRENT,
  );
  for (const caller of callers) await caller.close();
  undici.close();
  printGoals('client', `median (min – max) of ${ROUNDS} rounds, the callers taking turns within each`, goals);
}

/** Measures all callers in turns, and prints each beside its reference. */
async function compare(
  { title, how, goals: [goal, goalDirect] }: { title: string; how: string; goals: readonly [string, string] },
  callers: readonly Caller[],
  peer: Caller,
  measure: (caller: Caller) => Promise<number>,
): Promise<void> {
  const seen = new Map<Caller, number[]>(callers.map((caller) => [caller, []]));
  const cpu = new Map<Caller, number[]>(callers.map((caller) => [caller, []]));
  for (const caller of callers) await measure(caller); // warm
  for (let round = 0; round < ROUNDS; round++) {
    // Each round starts with a different caller, so that none always follows the same one.
    for (const turn of callers.keys()) {
      const caller = callers[(turn + round) % callers.length]!;
      const before = process.cpuUsage();
      seen.get(caller)!.push(await measure(caller));
      const { user, system } = process.cpuUsage(before);
      cpu.get(caller)!.push(user + system);
    }
  }
  printDetail(`\n${title}; ratio to ${peer.name}, round by round, wall and CPU:`);
  for (const caller of callers) {
    const times = seen.get(caller)!;
    const ratios = times.map((time, round) => time / seen.get(peer)![round]!);
    const cpuRatios = cpu.get(caller)!.map((used, round) => used / cpu.get(peer)![round]!);
    if (caller !== peer) {
      const own = caller === callers[0] ? { goal } : caller.name === DIRECT ? { goal: goalDirect } : {};
      const row = `${caller.name} ÷ ${peer.name}, ${how}`;
      goals.push({ row, seen: spreadOf(ratios), cpu: spreadOf(cpuRatios), ...own });
    }
    printDetail(
      `  ${caller.name.padEnd(40)} ${printSpread(spreadOf(times)).padEnd(28)} × ${printSpread(spreadOf(ratios), 2)}, CPU × ${printSpread(spreadOf(cpuRatios), 2)}`,
    );
  }
}
