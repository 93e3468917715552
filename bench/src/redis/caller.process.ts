import { microseconds } from '../support/spread.js';
import { openCallers, type Name } from './callers.js';

/** What a process is told to measure. */
export interface Task {
  readonly caller: Name;
  readonly row: 'hit' | 'cold';
  readonly calls: number;
  readonly atOnce: number;
}

const [url = '', number = '0'] = process.argv.slice(2);

/** Answers that each process looks up. */
const KEPT = 100;
const WARM = 4_000;
/** The numbers of one process, so that no two ask the same question. */
const OWN = 10_000_000;

void openCallers(url).then(async (callers) => {
  let next = Number(number) * OWN;
  const first = next;
  for (const caller of Object.values(callers)) {
    next = first;
    for (let i = 0; i < KEPT; i++) await caller.cold(next++);
    // Until the engine has compiled what it will: a process that serves has done so long ago.
    for (let i = 0; i < WARM; i++) await caller.hit(first + (i % KEPT));
    for (let i = 0; i < WARM; i += KEPT) await Promise.all(Array.from({ length: KEPT }, () => caller.cold(next++)));
  }
  process.on('message', ({ caller, row, calls, atOnce }: Task) => {
    const called = callers[caller];
    const one = row === 'hit' ? (i: number) => called.hit(first + (i % KEPT)) : () => called.cold(next++);
    const many = (i: number) => Promise.all(Array.from({ length: atOnce }, (_, k) => one(i * atOnce + k)));
    void microseconds(calls / atOnce, atOnce === 1 ? one : many).then((us) => process.send?.(us / atOnce));
  });
  process.send?.('ready');
});
process.on('disconnect', () => process.exit());
