import { describe, expect, it } from '@jest/globals';
import { getEventListeners } from 'node:events';
import type { StopSignal } from '../upstream/stop.js';
import { FlightRegistry } from './flight.registry.js';

const gone = () => new Error('gone');

function open() {
  const registry = new FlightRegistry<string>();
  let land: (value: string) => void = () => undefined;
  let crash: (error: Error) => void = () => undefined;
  let abandoned: StopSignal | undefined;
  const flight = registry.start('k', Infinity, ({ signals }) => {
    abandoned = signals.unsent;
    return new Promise((resolve, reject) => {
      land = resolve;
      crash = reject;
    });
  });
  return {
    registry,
    flight,
    land: (value: string) => land(value),
    crash: () => crash(new Error('crashed')),
    abandoned: () => abandoned?.isStopped,
    reason: () => abandoned?.reason,
  };
}

describe('FlightRegistry', () => {
  it('gives every caller the same answer, then drops the flight', async () => {
    const { registry, flight, land } = open();
    const waits = [
      flight.wait(undefined, gone),
      flight.wait(new AbortController().signal, gone),
      registry.get('k')!.wait(undefined, gone),
    ];
    land('answer');
    expect(await Promise.all(waits)).toEqual(['answer', 'answer', 'answer']);
    expect(registry.size).toBe(0);
  });

  it("ends one wait without touching another's", async () => {
    const { flight, land, abandoned } = open();
    const impatient = new AbortController();
    const wait = flight.wait(impatient.signal, gone);
    const patient = flight.wait(new AbortController().signal, gone);
    impatient.abort();
    await expect(wait).rejects.toThrow('gone');
    expect(abandoned()).toBe(false);
    land('answer');
    expect(await patient).toBe('answer');
  });

  it('abandons a flight when the last caller leaves', async () => {
    const { flight, abandoned } = open();
    const controllers = [new AbortController(), new AbortController()];
    const waits = controllers.map(({ signal }) => flight.wait(signal, gone).catch(() => undefined));
    controllers[0]?.abort();
    await waits[0];
    expect(abandoned()).toBe(false);
    controllers[1]?.abort();
    await waits[1];
    expect(abandoned()).toBe(true);
  });

  it('does not abandon a flight while a caller waits without a signal', async () => {
    const { flight, abandoned, land } = open();
    const patient = flight.wait(undefined, gone);
    const impatient = new AbortController();
    const wait = flight.wait(impatient.signal, gone).catch(() => undefined);
    impatient.abort();
    await wait;
    expect(abandoned()).toBe(false);
    land('answer');
    await patient;
  });

  it('abandons a flight in the same step as its last caller leaves, so that nobody joins it', () => {
    const { flight, reason } = open();
    const last = new AbortController();
    flight.wait(last.signal, gone).catch(() => undefined);
    last.abort();
    expect([flight.isAbandoned, reason()]).toEqual([true, 'abandoned']);
  });

  it('counts a caller once whose signal says twice that it has gone', async () => {
    const { flight, abandoned } = open();
    const [leaving, patient] = [new AbortController(), new AbortController()];
    const wait = flight.wait(leaving.signal, gone);
    void flight.wait(patient.signal, gone);
    for (let n = 0; n < 2; n++) leaving.signal.dispatchEvent(new Event('abort'));
    await expect(wait).rejects.toThrow('gone');
    expect(abandoned()).toBe(false);
  });

  it('leaves no listener on the signal of a caller', async () => {
    const { flight, land } = open();
    const { signal } = new AbortController();
    const wait = flight.wait(signal, gone);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    land('answer');
    await wait;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('keeps a flight that has replaced another, when that one ends', async () => {
    const { registry, flight, land } = open();
    const later = registry.start('k', Infinity, () => new Promise(() => undefined));
    land('answer');
    await flight.promise;
    expect([registry.has('k'), registry.has('other')]).toEqual([true, false]);
    expect(registry.get('k')).toBe(later);
  });

  it('is settled when every flight has ended, with or without an answer', async () => {
    const { registry, land } = open();
    let crash: (error: Error) => void = () => undefined;
    registry.start('other', Infinity, () => new Promise((_resolve, reject) => (crash = reject)));
    let isSettled = false;
    const settled = registry.settled().then(() => (isSettled = true));
    crash(new Error('crashed'));
    await new Promise(setImmediate);
    expect(isSettled).toBe(false);
    land('answer');
    await settled;
  });

  it('rejects a wait whose signal is already aborted', async () => {
    const { flight } = open();
    await expect(flight.wait(AbortSignal.abort(), gone)).rejects.toThrow('gone');
  });

  it('leaves no rejection unhandled without callers', async () => {
    const { registry, crash } = open();
    crash();
    await registry.settled();
    expect(registry.size).toBe(0);
  });

  it('stops every flight at once', () => {
    const { registry, abandoned } = open();
    registry.stopAll('closing');
    expect(abandoned()).toBe(true);
  });
});
