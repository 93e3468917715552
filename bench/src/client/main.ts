import { TEST_POPULATION } from '@identity-verify/contract';
import { checkIdentity, UndiciTransport, type Identity } from '@identity-verify/nestjs';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
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

const ROUNDS = 9;
const CALLS_A_ROUND = 300;
const CONCURRENT = 50;
const LOCAL_RUNS = 50_000;

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
    await openModule(url, 'IdentityVerifyService, UndiciTransport', undici),
    bare,
    await openPinnedHttpService(url),
    openNodeHttp(url),
    openUndici(url),
  ];
  const [person] = TEST_POPULATION;

  console.log(
    `Node ${process.version}; median (min – max) of ${ROUNDS} rounds, the callers taking turns within each.\n`,
  );
  console.log('Without a call, µs:');
  await module.service.verify(person);
  const today = 2026_01_01;
  const bad: Identity = { ...person, idCard: '110101190001010024' };
  const local: [string, (i: number) => unknown][] = [
    ['a hit: check, key, ledger', () => module.service.verify(person)],
    ['  of which the check of the identity', () => checkIdentity(person, { today })],
    ['a refused input', () => module.service.verify(bad).catch(() => undefined)],
  ];
  for (const [name, run] of local) {
    await microseconds(LOCAL_RUNS, run); // warm
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await microseconds(LOCAL_RUNS / 5, run));
    console.log(`  ${name.padEnd(40)} ${printSpread(spreadOf(rounds), 2)}`);
  }

  let next = 0;
  const one = (caller: Caller) => async () => void (await caller.ask(nobody(next++)));
  const many = (caller: Caller) => async () =>
    void (await Promise.all(Array.from({ length: CONCURRENT }, one(caller))));
  await compare('A cold call, µs', callers, bare, (caller) => microseconds(CALLS_A_ROUND, one(caller)));
  await compare(
    `${CONCURRENT} cold calls at once, µs a call`,
    callers,
    bare,
    async (caller) => (await microseconds(CALLS_A_ROUND / 30, many(caller))) / CONCURRENT,
  );
  for (const caller of callers) await caller.close();
  undici.close();
}

/** Measures all callers in turns, and prints each beside its reference. */
async function compare(
  title: string,
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
  console.log(`\n${title}; ratio to ${peer.name}, round by round, wall and CPU:`);
  for (const caller of callers) {
    const times = seen.get(caller)!;
    const ratios = times.map((time, round) => time / seen.get(peer)![round]!);
    const cpuRatios = cpu.get(caller)!.map((used, round) => used / cpu.get(peer)![round]!);
    console.log(
      `  ${caller.name.padEnd(40)} ${printSpread(spreadOf(times)).padEnd(28)} × ${printSpread(spreadOf(ratios), 2)}, CPU × ${printSpread(spreadOf(cpuRatios), 2)}`,
    );
  }
}
