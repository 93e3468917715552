import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import { StoreBreaker, type StoreEnd } from './store.breaker.js';

function open() {
  const clock = new ManualClock();
  const changes: string[] = [];
  const breaker = new StoreBreaker(clock, (state) => changes.push(state));
  const run = (end: StoreEnd) => {
    const admission = breaker.enter();
    if (!admission.admitted) return admission.retryAfterMs;
    breaker.ended(admission.probe, end);
    return admission.probe ? 'probe' : 'sent';
  };
  return { clock, changes, breaker, run };
}

describe('StoreBreaker', () => {
  it('refuses at once after three timeouts in a row, and says when the next try is due', async () => {
    const { clock, changes, run } = open();
    expect(['hung', 'hung', 'hung', 'hung'].map((end) => run(end as StoreEnd))).toEqual(['sent', 'sent', 'sent', 250]);
    await clock.advance(100);
    expect([run('hung'), changes]).toEqual([150, ['unavailable']]);
  });

  it('counts only failures in a row', () => {
    const { changes, run } = open();
    for (const end of ['hung', 'failed', 'wrote', 'hung', 'hung'] as const) expect(run(end)).toBe('sent');
    expect([run('wrote'), changes]).toEqual(['sent', []]);
  });

  it('admits one probe after 250 ms, 500 ms and then every second', async () => {
    const { clock, breaker, run } = open();
    for (let n = 0; n < 3; n++) run('hung');
    for (const waitMs of [250, 500, 1_000, 1_000]) {
      await clock.advance(waitMs - 1);
      expect(run('hung')).toBe(1);
      await clock.advance(1);
      expect(breaker.enter()).toEqual({ admitted: true, probe: true });
      expect(breaker.enter()).toMatchObject({ admitted: false }); // while the probe is under way
      breaker.ended(true, 'hung');
    }
  });

  it('admits every command after a success of any kind, and starts again with 250 ms', async () => {
    const { clock, changes, run } = open();
    for (let n = 0; n < 3; n++) run('hung');
    await clock.advance(250);
    run('hung');
    await clock.advance(500);
    expect([run('wrote'), run('wrote'), changes]).toEqual(['probe', 'sent', ['unavailable', 'available']]);
    for (let n = 0; n < 3; n++) run('hung');
    expect(run('hung')).toBe(250);
  });

  it('lets the next command probe if the probe had too little time to tell', async () => {
    const { clock, run } = open();
    for (let n = 0; n < 3; n++) run('hung');
    await clock.advance(250);
    expect([run('cut'), run('read')]).toEqual(['probe', 'probe']);
  });

  it('keeps asking a store that fails at once, and reports it once', () => {
    const { changes, breaker, run } = open();
    for (let n = 0; n < 20; n++) expect(run(n % 2 ? 'read' : 'failed')).toBe('sent');
    expect([changes, breaker.retryAfterMs]).toEqual([['unavailable'], 250]);
  });

  it('is available after a write, or after a read when nothing failed for a second', async () => {
    const { clock, changes, run } = open();
    for (let n = 0; n < 3; n++) run('failed');
    run('read');
    expect(changes).toEqual(['unavailable']);
    run('wrote');
    expect(changes).toEqual(['unavailable', 'available']);
    for (let n = 0; n < 3; n++) run('failed');
    await clock.advance(1_000);
    run('read');
    expect(changes.at(-1)).toBe('available');
  });

  it('ignores the failures of commands that began before it refused', async () => {
    const { clock, breaker, run } = open();
    for (let n = 0; n < 3; n++) run('hung');
    await clock.advance(100);
    breaker.ended(false, 'hung');
    expect(run('hung')).toBe(150);
  });

  it('recommends a wait only while the store is unavailable: until the next probe, or 250 ms', async () => {
    const { clock, breaker, run } = open();
    expect(breaker.retryAfterMs).toBeUndefined();
    for (let n = 0; n < 3; n++) run('hung');
    await clock.advance(240.5);
    expect(breaker.retryAfterMs).toBe(10);
    await clock.advance(9.5);
    expect(breaker.retryAfterMs).toBe(250); // the probe is due, and somebody else may make it
    expect([run('wrote'), breaker.retryAfterMs]).toEqual(['probe', undefined]);
  });

  it('knows since when the store has failed', async () => {
    const { clock, breaker, run } = open();
    const began = clock.monotonic();
    for (const end of ['failed', 'hung', 'read', 'failed', 'failed'] as const) {
      run(end);
      expect(breaker.failingSince).toBe(began);
      await clock.advance(10);
    }
    run('wrote');
    expect(breaker.failingSince).toBeUndefined();
    run('failed');
    expect(breaker.failingSince).toBe(began + 50);
  });

  it('admits every command when the store fails at once that hung before', async () => {
    const { clock, run } = open();
    for (let n = 0; n < 3; n++) run('hung');
    await clock.advance(250);
    expect([run('failed'), run('failed'), run('hung'), run('hung')]).toEqual(['probe', 'sent', 'sent', 250]);
  });

  it('has one probe at a time, whatever ends meanwhile', async () => {
    const { clock, breaker, run } = open();
    for (let n = 0; n < 3; n++) run('hung');
    await clock.advance(250);
    expect(breaker.enter()).toEqual({ admitted: true, probe: true });
    for (const end of ['cut', 'hung', 'failed'] as const) {
      breaker.ended(false, end);
      expect(breaker.enter()).toMatchObject({ admitted: false });
    }
  });
});
