import { describe, expect, it } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { identityVerifyError, type IdentityVerifyError } from '../errors/identity-verify.error.js';
import { ManualClock } from '../testing/manual.clock.js';
import { joinFlight, orAborted } from './flight.joiner.js';
import { Flight } from './flight.registry.js';
import type { Verification, VerifyOptions } from './verification.types.js';

const answer = (source: Verification['source'] = 'upstream'): Verification => ({
  outcome: 'match',
  billed: 'yes',
  code: '10000',
  source,
  answeredAt: new Date(0),
});

/** A flight with a deadline in 1,000 ms, and somebody who joins it with a deadline in `joinMs`. */
function open(how: VerifyOptions = {}, joinMs = 1_000) {
  const clock = new ManualClock();
  const ends = { answer: (_answer: Verification): void => undefined, fail: (_error: unknown): void => undefined };
  const flight = new Flight<Verification>(
    clock.monotonic() + 1_000,
    () => new Promise((resolve, reject) => Object.assign(ends, { answer: resolve, fail: reject })),
  );
  const joined = joinFlight(flight, how, clock.monotonic() + joinMs, clock);
  const seen = joined.catch((error: IdentityVerifyError) => ({ code: error.code, billed: error.billed }));
  return { clock, flight, joined, seen, ...ends };
}

describe('a question that joins the call of another', () => {
  it('gets its answer, which the other one pays for', async () => {
    const { seen, answer: end } = open();
    end(answer());
    expect(await seen).toEqual({ ...answer(), source: 'joined', billed: 'no' });
  });

  it('gets its error, which the other one pays for', async () => {
    const { seen, fail } = open();
    fail(identityVerifyError('IDV_CONNECTION_LOST'));
    expect(await seen).toEqual({ code: 'IDV_CONNECTION_LOST', billed: 'no' });
  });

  it('gets an error that is not of this module as it is', async () => {
    const { joined, fail } = open();
    const failed = new TypeError('a bug');
    fail(failed);
    await expect(joined).rejects.toBe(failed);
  });

  it.each<[string, VerifyOptions, Verification]>([
    ['of the upstream, however fresh it must be', { maxAgeMs: 0 }, answer()],
    ['of the ledger, if any age will do', {}, answer('ledger')],
  ])('takes an answer %s', async (_what, how, given) => {
    const { seen, answer: end } = open(how);
    end(given);
    expect(await seen).toMatchObject({ source: 'joined' });
  });

  it('asks on its own if the answer of the ledger may be too old', async () => {
    const { seen, answer: end } = open({ maxAgeMs: 5 });
    end(answer('ledger'));
    expect(await seen).toBeUndefined();
  });

  it('asks on its own if the others gave up, or if it insists on what is in doubt', async () => {
    for (const [how, code] of [
      [{}, 'IDV_ABORTED'],
      [{ repeatInDoubt: true }, 'IDV_IN_DOUBT'],
    ] as const) {
      const { seen, fail } = open(how);
      fail(identityVerifyError(code));
      expect(await seen).toBeUndefined();
    }
  });

  it('gets an error that is no doubt, however it insists', async () => {
    const { seen, fail } = open({ repeatInDoubt: true });
    fail(identityVerifyError('IDV_CONNECTION_LOST'));
    expect(await seen).toEqual({ code: 'IDV_CONNECTION_LOST', billed: 'no' });
  });

  it.each([{}, { repeatInDoubt: false }])('is in doubt as well if it does not insist: %j', async (how) => {
    const { seen, fail } = open(how);
    fail(identityVerifyError('IDV_IN_DOUBT'));
    expect(await seen).toEqual({ code: 'IDV_IN_DOUBT', billed: 'no' });
  });
});

describe('its own deadline', () => {
  it('needs no timer if the call ends before it', async () => {
    const { clock, seen, answer: end } = open({}, 1_000);
    expect(clock.pending).toBe(0);
    end(answer());
    await seen;
  });

  it('ends its wait alone, for nothing', async () => {
    const { clock, flight, seen, joined } = open({}, 400);
    void flight.wait(undefined, () => new Error());
    await clock.advance(399);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect(await seen).toEqual({ code: 'IDV_TIMEOUT', billed: 'no' });
    await expect(joined).rejects.toMatchObject({
      retryable: true,
      message: expect.stringContaining('while joined to an equal question'),
    });
    expect(flight.isAbandoned).toBe(false);
  });

  it('leaves no timer and no listener after an answer', async () => {
    const { signal } = new AbortController();
    const { clock, seen, answer: end } = open({ signal }, 400);
    expect([clock.pending, getEventListeners(signal, 'abort').length]).toEqual([1, 1]);
    end(answer());
    await seen;
    expect([clock.pending, getEventListeners(signal, 'abort').length]).toEqual([0, 0]);
  });
});

describe('its own signal', () => {
  it.each([400, 1_000])('ends its wait with its own error, with %d ms left', async (joinMs) => {
    const own = new AbortController();
    const { seen } = open({ signal: own.signal }, joinMs);
    own.abort();
    expect(await seen).toEqual({ code: 'IDV_ABORTED', billed: 'no' });
  });
});

describe('orAborted', () => {
  it('is the promise, or the abort if that comes first', async () => {
    const { signal } = new AbortController();
    expect(await orAborted(Promise.resolve(1), signal)).toBe(1);
    await expect(orAborted(Promise.reject(new Error('x')), signal)).rejects.toThrow('x');
    const own = new AbortController();
    const waiting = orAborted(new Promise(() => undefined), own.signal);
    own.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'IDV_ABORTED' });
  });

  it('leaves no listener', async () => {
    const { signal } = new AbortController();
    const waiting = orAborted(Promise.resolve(), signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await waiting;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
