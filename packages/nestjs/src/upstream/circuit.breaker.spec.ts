import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import type { CallHealth } from '../errors/consequences.data.js';
import { CircuitBreaker } from './circuit.breaker.js';

function open(failures = 3) {
  const clock = new ManualClock();
  const breaker = new CircuitBreaker(clock, { failures, openMs: 1_000 });
  const call = (health: CallHealth) => {
    const admission = breaker.enter();
    if (admission.admitted) breaker.ended(admission, health);
  };
  return { clock, breaker, call };
}

describe('CircuitBreaker', () => {
  it('opens after consecutive failures; a success resets the count', () => {
    const { breaker, call } = open();
    for (const health of ['ill', 'ill', 'well', 'ill', 'unasked', 'ill'] as const) call(health);
    expect(breaker.state).toBe('closed');
    call('ill');
    expect(breaker.state).toBe('open');
    expect(breaker.enter()).toEqual({ admitted: false, waitMs: 1_000 });
  });

  it('admits one probe when half open, and refuses other calls until it ends', async () => {
    const { breaker, clock, call } = open(1);
    call('ill');
    await clock.advance(1_000);
    expect(breaker.state).toBe('half_open');
    const probe = breaker.enter();
    expect(probe).toEqual({ admitted: true, probe: true });
    expect(breaker.enter()).toEqual({ admitted: false, waitMs: 1_000 });
    breaker.ended({ probe: true }, 'well');
    expect(breaker.state).toBe('closed');
  });

  it('closes at once when it is reset, also while a probe is under way, and forgets earlier failures', async () => {
    const { breaker, clock, call } = open(2);
    call('ill');
    expect(breaker.reset()).toBe(false);
    call('ill');
    expect(breaker.state).toBe('closed');
    call('ill');
    await clock.advance(1_000);
    expect(breaker.enter()).toEqual({ admitted: true, probe: true });
    expect(breaker.reset()).toBe(true);
    breaker.ended({ probe: true }, 'ill');
    expect(breaker.state).toBe('closed');
  });

  it('opens again when the probe fails', async () => {
    const { breaker, clock, call } = open(1);
    call('ill');
    await clock.advance(1_000);
    call('ill');
    expect(breaker.state).toBe('open');
    expect(breaker.enter()).toEqual({ admitted: false, waitMs: 1_000 });
  });

  it('admits another probe if the first did not reach the upstream', async () => {
    const { breaker, clock, call } = open(1);
    call('ill');
    await clock.advance(1_000);
    call('unasked');
    expect(breaker.enter()).toEqual({ admitted: true, probe: true });
  });

  it('ignores the end of calls that began before it opened', () => {
    const { breaker, call } = open(1);
    breaker.enter();
    call('ill');
    breaker.ended({ probe: false }, 'well');
    expect(breaker.state).toBe('open');
  });

  it.each([-86_400_000, -3_600_000, 86_400_000])('stays open for openMs when the clock is set by %d ms', async (ms) => {
    const { breaker, clock, call } = open(1);
    call('ill');
    clock.jump(ms);
    await clock.advance(999);
    expect(breaker.state).toBe('open');
    await clock.advance(1);
    expect(breaker.state).toBe('half_open');
  });

  it('does not count calls that did not reach the upstream', () => {
    const { breaker, call } = open(1);
    call('unasked');
    expect(breaker.state).toBe('closed');
  });
});
