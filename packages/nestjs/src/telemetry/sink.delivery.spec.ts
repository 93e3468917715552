/* oxlint-disable unicorn/no-thenable -- these tests use thenables that are not promises */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import type { AuditEntry, AuditSink, EventSink } from './events.types.js';
import { PendingWork } from './pending.work.js';
import { SinkDelivery } from './sink.delivery.js';

const entry = (): AuditEntry => ({
  type: 'answered',
  instance: 'default',
  at: new Date(0),
  durationMs: 1,
  phases: { check: 1 },
  billed: 'yes',
  fen: 42,
  outcome: 'match',
  code: '10000',
  source: 'upstream',
});

function open(sinks: { audit?: unknown; onEvent?: unknown }) {
  const clock = new ManualClock();
  const [failed, pending]: [string[], PendingWork] = [[], new PendingWork()];
  const delivery = new SinkDelivery(
    { audit: sinks.audit as AuditSink | undefined, onEvent: sinks.onEvent as EventSink | undefined },
    pending,
    (sink) => failed.push(sink),
  );
  return { delivery, failed, pending, clock };
}

const boom = () => {
  throw new Error('boom');
};
type Callback = (value?: unknown) => void;
const thenable = (then: (done: Callback, fail: Callback) => void) => ({ then });
class PromiseOfAnotherKind<T> extends Promise<T> {}

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => void process.off('unhandledRejection', note));

describe.each(['audit', 'onEvent'] as const)('%s', (sink) => {
  it.each<[string, () => unknown]>([
    ['throws', boom],
    [
      'throws what is no error',
      () => {
        throw undefined;
      },
    ],
    [
      'throws a frozen object',
      () => {
        throw Object.freeze({});
      },
    ],
    ['rejects', () => Promise.reject(new Error('boom'))],
    ['rejects with nothing', () => Promise.reject()],
    ['is async and throws', async () => boom()],
    [
      'rejects later',
      async () => {
        await Promise.resolve();
        boom();
      },
    ],
    ['rejects with a promise of another kind', () => PromiseOfAnotherKind.reject(new Error('boom'))],
    [
      'rejects with a promise whose `then` was replaced',
      () => Object.assign(Promise.reject(new Error('boom')), { then: boom }),
    ],
    ['returns a thenable that throws', () => thenable(boom)],
    ['returns a thenable that rejects', () => thenable((_done, fail) => fail(new Error('boom')))],
    [
      'returns a thenable that rejects twice',
      () =>
        thenable((_done, fail) => {
          fail();
          fail();
        }),
    ],
    [
      'returns a thenable that rejects, then resolves',
      () =>
        thenable((done, fail) => {
          fail();
          done();
        }),
    ],
    [
      'returns a thenable that resolves to a rejection',
      () => thenable((done) => done(Promise.reject(new Error('boom')))),
    ],
    ['returns a function with a `then` that throws', () => Object.assign(() => undefined, { then: boom })],
    ['returns something whose `then` cannot be read', () => Object.defineProperty({}, 'then', { get: boom })],
    ['returns a proxy that cannot be read', () => new Proxy({}, { get: boom })],
  ])('counts as failed once when it %s', async (_title, take) => {
    const { delivery, failed, clock } = open({ [sink]: take });
    delivery.entry(entry());
    await clock.advance(0);
    expect(failed).toEqual([sink]);
    expect(unhandled).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['a value', () => 7],
    ['null', () => null],
    ['a list', () => []],
    ['an object without `then`', () => ({})],
    ['an object with a `then` that is no function', () => ({ then: 7 })],
    ['a promise', async () => undefined],
    ['a thenable', () => thenable((done) => done())],
    [
      'a thenable that resolves, then throws',
      () =>
        thenable((done) => {
          done();
          boom();
        }),
    ],
    [
      'a thenable that resolves twice',
      () =>
        thenable((done) => {
          done();
          done();
        }),
    ],
    [
      'a thenable that resolves, then rejects',
      () =>
        thenable((done, fail) => {
          done();
          fail();
        }),
    ],
    ['a promise that never settles', () => new Promise(() => undefined)],
  ])('does not fail when it returns %s', async (_title, take) => {
    const { delivery, failed, clock } = open({ [sink]: take });
    delivery.entry(entry());
    await clock.advance(0);
    expect(failed).toEqual([]);
    expect(unhandled).toEqual([]);
  });
});

describe('a function that changes its entry', () => {
  it.each(['audit', 'onEvent'] as const)('(%s) does not affect other functions', (changing) => {
    const seen: AuditEntry[] = [];
    const change = (given: AuditEntry) => {
      given.at.setTime(1e12);
      Object.assign(given, { fen: 0, code: 'changed' });
      Object.assign(given.phases, { check: 0 });
    };
    const take = (given: AuditEntry) => seen.push(given);
    open({ audit: take, onEvent: take, [changing]: change }).delivery.entry(entry());
    expect(seen).toEqual([entry()]);
  });
});

describe('a shutdown', () => {
  it('waits for pending entries', async () => {
    let written: Callback = () => undefined;
    const { delivery, pending, clock } = open({ audit: () => new Promise((done) => (written = done)) });
    delivery.entry(entry());
    let drained = false;
    const draining = pending.drain(clock, 1_000).then(() => (drained = true));
    await clock.advance(999);
    expect(drained).toBe(false);
    written();
    await draining;
    expect(clock.pending).toBe(0);
  });

  it('gives up entries that never settle, and does not wait for later ones', async () => {
    const taken: string[] = [];
    const { delivery, pending, clock } = open({
      audit: ({ type }: AuditEntry) => {
        taken.push(type);
        return new Promise(() => undefined);
      },
    });
    delivery.entry(entry());
    let drained = 0;
    void pending.drain(clock, 1_000).then(() => drained++);
    delivery.entry(entry());
    await clock.advance(1_000);
    expect([drained, taken.length]).toEqual([1, 2]);
    await pending.drain(clock, 0);
  });

  it('does not wait without pending entries', async () => {
    const { delivery, pending, clock } = open({ audit: () => Promise.resolve() });
    delivery.entry(entry());
    await clock.advance(0);
    await pending.drain(clock, 1_000);
    expect(clock.pending).toBe(0);
  });
});
