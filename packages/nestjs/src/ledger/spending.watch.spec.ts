import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import { SpendingWatch } from './spending.watch.js';

const BUDGET = { callsPerDay: 1 };
const MINUTE = 60_000;

function open(refresh: (scope: string) => unknown = () => undefined) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const watch = new SpendingWatch(clock, async (scope) => {
    asked.push(scope);
    await refresh(scope);
  });
  return { clock, watch, asked, since: () => asked.splice(0) };
}

describe('a scope in use', () => {
  it.each([
    [{}, false],
    [{ callsPerDay: 0 }, true],
    [{ callsPerMonth: 0 }, true],
    [{ callsPerDay: 1, callsPerMonth: 1 }, true],
  ])('with the budget %j is watched: %s', async (budget, expected) => {
    const { clock, watch, since } = open();
    expect(watch.watch('s', budget)).toBe(expected);
    expect(clock.pending).toBe(Number(expected));
    await clock.advance(5_000);
    expect(since()).toEqual(expected ? ['s'] : []);
  });

  it('is asked for every 5 s, and until 10 minutes after its last question', async () => {
    const { clock, watch, since } = open();
    watch.watch('a', BUDGET);
    await clock.advance(4_999);
    expect(since()).toEqual([]);
    watch.watch('b', BUDGET);
    await clock.advance(1);
    expect(since()).toEqual(['a', 'b']);
    await clock.advance(10_000);
    expect(since()).toEqual(['a', 'b', 'a', 'b']);
    watch.watch('a', BUDGET);
    await clock.advance(10 * MINUTE - 15_000);
    expect(since().slice(-2)).toEqual(['b', 'a']);
    await clock.advance(5_000); // more than 10 minutes after the last question of b
    expect(since()).toEqual(['a']);
    await clock.advance(10_000); // exactly 10 minutes after that of a
    expect([since(), clock.pending]).toEqual([['a', 'a'], 1]);
    await clock.advance(5_000);
    expect([since(), clock.pending]).toEqual([[], 0]);
    watch.watch('b', BUDGET);
    await clock.advance(5_000);
    expect(since()).toEqual(['b']);
  });

  it('is one of the 100 that were used last', async () => {
    const { clock, watch, since } = open();
    for (let n = 0; n < 100; n++) watch.watch(`s${n}`, BUDGET);
    await clock.advance(5_000);
    expect([since().length, clock.pending]).toEqual([100, 1]);
    watch.watch('s0', BUDGET);
    watch.watch('s100', BUDGET);
    await clock.advance(5_000);
    const asked = since();
    expect([asked.length, asked[0], asked.slice(-2)]).toEqual([100, 's2', ['s0', 's100']]);
  });
});

describe('a store that fails', () => {
  it('is asked for no other scope in that round, and again in the next', async () => {
    let isDown = true;
    const { clock, watch, since } = open(() => {
      if (isDown) throw new Error('away');
    });
    for (const scope of ['a', 'b']) watch.watch(scope, BUDGET);
    await clock.advance(5_000);
    expect([since(), clock.pending]).toEqual([['a'], 1]);
    isDown = false;
    await clock.advance(5_000);
    expect(since()).toEqual(['a', 'b']);
  });

  it('is not asked again while it does not answer', async () => {
    let answer: () => void = () => undefined;
    const { clock, watch, since } = open(() => new Promise<void>((resolve) => (answer = resolve)));
    watch.watch('a', BUDGET);
    await clock.advance(5_000);
    watch.watch('b', BUDGET);
    await clock.advance(MINUTE);
    expect([since(), clock.pending]).toEqual([['a'], 0]);
    answer();
    await clock.advance(5_000);
    expect(since()).toEqual(['a']);
  });
});

describe('after the stop', () => {
  it('nothing is asked, and nothing is scheduled', async () => {
    const { clock, watch, since } = open();
    watch.watch('a', BUDGET);
    watch.stop();
    watch.stop();
    expect(clock.pending).toBe(0);
    expect(watch.watch('b', BUDGET)).toBe(true);
    await clock.advance(MINUTE);
    expect([since(), clock.pending]).toEqual([[], 0]);
  });

  it('a round ends with the scope that is being asked for', async () => {
    let stop: () => void = () => undefined;
    const { clock, watch, since } = open(() => stop());
    stop = () => watch.stop();
    for (const scope of ['a', 'b']) watch.watch(scope, BUDGET);
    await clock.advance(MINUTE);
    expect([since(), clock.pending]).toEqual([['a'], 0]);
  });
});

it('keeps no process alive', () => {
  const scheduled: unknown[] = [];
  const clock = {
    monotonic: () => 0,
    schedule: (_run: () => void, ...terms: unknown[]) => (scheduled.push(terms), () => undefined),
  };
  new SpendingWatch(clock, async () => undefined).watch('s', BUDGET);
  expect(scheduled).toEqual([[5_000, true]]);
});
