import { DEFAULTS } from '../options/options.defaults.js';
import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import { Stop } from './stop.js';
import { CallLimiter, type ResolvedLimiterOptions } from './call.limiter.js';

const never = new Stop();

function open(options: Partial<ResolvedLimiterOptions>) {
  const clock = new ManualClock();
  return { clock, limiter: new CallLimiter(clock, { ...DEFAULTS.limiter, callsPerSecond: undefined, ...options }) };
}

describe('CallLimiter', () => {
  it('admits calls up to the concurrency, and the next in order of arrival', async () => {
    const { limiter } = open({ concurrency: 2 });
    const order: number[] = [];
    const calls = [0, 1, 2, 3].map(async (n) => (await limiter.acquire(never)) === 'admitted' && order.push(n));
    await Promise.all(calls.slice(0, 2));
    expect([limiter.active, limiter.waiting]).toEqual([2, 2]);
    limiter.release();
    await calls[2];
    limiter.release();
    await calls[3];
    expect(order).toEqual([0, 1, 2, 3]);
  });

  it('refuses when the queue is full', async () => {
    const { limiter } = open({ concurrency: 1, queue: 1 });
    await limiter.acquire(never);
    void limiter.acquire(never);
    expect(await limiter.acquire(never)).toBe('full');
  });

  it('removes an aborted waiter from the queue', async () => {
    const { limiter } = open({ concurrency: 1, queue: 1 });
    await limiter.acquire(never);
    const gone = new Stop();
    const waiting = limiter.acquire(gone);
    gone.stop('abandoned');
    expect(await waiting).toBe('stopped');
    expect(limiter.waiting).toBe(0);
    expect(await limiter.acquire(gone)).toBe('stopped');
    const next = limiter.acquire(never);
    limiter.release();
    expect(await next).toBe('admitted');
    expect(limiter.active).toBe(1);
  });

  it('spaces calls evenly at callsPerSecond', async () => {
    const { limiter, clock } = open({ callsPerSecond: 10 });
    const started: number[] = [];
    const begin = clock.now();
    for (let i = 0; i < 5; i++)
      void Promise.resolve(limiter.acquire(never)).then(() => started.push(clock.now() - begin));
    await clock.advance(1_000);
    expect(started).toEqual([0, 100, 200, 300, 400]);
    expect(clock.pending).toBe(0);
  });

  it('is not delayed when the clock is set back', async () => {
    const { limiter, clock } = open({ callsPerSecond: 10 });
    await limiter.acquire(never);
    clock.jump(-3_600_000);
    const second = limiter.acquire(never);
    await clock.advance(100);
    expect(await second).toBe('admitted');
  });

  it('does not accumulate calls while idle', async () => {
    const { limiter, clock } = open({ callsPerSecond: 10 });
    await clock.advance(60_000);
    await limiter.acquire(never);
    let second = false;
    void Promise.resolve(limiter.acquire(never)).then(() => (second = true));
    await clock.advance(99);
    expect(second).toBe(false);
    await clock.advance(1);
    expect(second).toBe(true);
  });

  it('applies both limits together', async () => {
    const { limiter, clock } = open({ concurrency: 1, callsPerSecond: 10 });
    await limiter.acquire(never);
    let second = false;
    void Promise.resolve(limiter.acquire(never)).then(() => (second = true));
    await clock.advance(500);
    expect(second).toBe(false);
    limiter.release();
    await clock.advance(0);
    expect(second).toBe(true);
  });
});
