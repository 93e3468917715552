import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import { CircuitBreaker } from './circuit.breaker.js';

function open(failures = 3) {
  const clock = new ManualClock();
  const breaker = new CircuitBreaker(clock, { failures, openMs: 1_000 });
  const call = (ill: boolean | undefined) => {
    const entry = breaker.enter();
    if (entry.waitMs === 0) breaker.ended(entry, ill);
    return entry;
  };
  return { clock, breaker, call };
}

describe('CircuitBreaker', () => {
  it('opens after so many failures in a row, and a success starts the count again', () => {
    const { breaker, call } = open();
    for (const ill of [true, true, false, true, true]) call(ill);
    expect(breaker.state).toBe('closed');
    call(true);
    expect(breaker.state).toBe('open');
    expect(breaker.enter()).toEqual({ waitMs: 1_000, probe: false });
  });

  it('sends one probe when half open, and refuses the others until it has ended', async () => {
    const { breaker, clock, call } = open(1);
    call(true);
    await clock.advance(1_000);
    expect(breaker.state).toBe('half_open');
    const probe = breaker.enter();
    expect(probe).toEqual({ waitMs: 0, probe: true });
    expect(breaker.enter()).toEqual({ waitMs: 1_000, probe: false });
    breaker.ended(probe, false);
    expect(breaker.state).toBe('closed');
  });

  it('opens again when the probe fails', async () => {
    const { breaker, clock, call } = open(1);
    call(true);
    await clock.advance(1_000);
    call(true);
    expect(breaker.state).toBe('open');
    expect(breaker.enter().waitMs).toBe(1_000);
  });

  it('lets another probe go when the first one never reached the upstream', async () => {
    const { breaker, clock, call } = open(1);
    call(true);
    await clock.advance(1_000);
    call(undefined);
    expect(breaker.enter()).toEqual({ waitMs: 0, probe: true });
  });

  it('does not listen to calls that began before it opened', () => {
    const { breaker, call } = open(1);
    const early = breaker.enter();
    call(true);
    breaker.ended(early, false);
    expect(breaker.state).toBe('open');
  });

  it('counts for nothing what never reached the upstream', () => {
    const { breaker, call } = open(1);
    call(undefined);
    expect(breaker.state).toBe('closed');
  });
});
