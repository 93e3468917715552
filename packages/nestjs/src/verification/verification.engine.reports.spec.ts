import { afterEach, describe, expect, it } from '@jest/globals';
import { createNoopMeter, metrics, type Meter } from '@opentelemetry/api';
import type { ClaimAnswer } from '../ledger/ledger.port.js';
import { MemoryLedger } from '../ledger/memory.ledger.js';
import type { AuditEntry, IdentityVerifyEvent } from '../telemetry/events.types.js';
import { ATTRIBUTES, TELEMETRY } from '../telemetry/telemetry.names.js';
import { ManualClock } from '../testing/manual.clock.js';
import type { Decoded } from '../upstream/reply.decoder.js';
import {
  answered,
  codeOf,
  failed,
  open,
  otherPerson,
  person,
  remote,
  type Setup,
} from './verification.engine.fixture.js';

afterEach(() => metrics.disable());

/** An engine whose entries and events are kept. */
function heard({ options, ...setup }: Setup = {}) {
  const entries: AuditEntry[] = [];
  const events: IdentityVerifyEvent[] = [];
  const opened = open({
    ...setup,
    options: {
      ...options,
      audit: (entry) => void entries.push(entry),
      onEvent: (event) => void (event.type === 'latch' && events.push(event)),
    },
  });
  return { ...opened, entries, events };
}

describe('the entry of a question', () => {
  it('has its source, its cost, its phases and its attempts', async () => {
    const { engine, asked, clock, entries } = heard();
    const [first, second] = [engine.verify(person), engine.verify(person)];
    await clock.advance(0);
    asked[0]!.signals.onSend?.();
    asked[0]!.signals.onAttempt?.(answered());
    asked[0]!.answer(answered());
    await Promise.all([first, second]);
    await engine.verify(person);
    const facts = entries.map((entry) => [
      entry.type === 'answered' && entry.source,
      entry.billed,
      entry.fen,
      Object.keys(entry.phases).join(' '),
      entry.attempts?.length,
    ]);
    expect(facts).toEqual([
      ['upstream', 'yes', 42, 'check claim call settle', 1],
      ['joined', 'no', 0, 'check', undefined],
      ['ledger', 'no', 0, 'check claim', undefined],
    ]);
  });

  it('has the error of a question without an answer, refused at once or later', async () => {
    const { engine, asked, clock, entries } = heard();
    await codeOf(engine.verify({ ...person, mobile: '' }));
    const lost = codeOf(engine.verify(person));
    await clock.advance(0);
    asked[0]!.answer(failed('IDV_CONNECTION_LOST'));
    await lost;
    await engine.close(1_000);
    await codeOf(engine.verify(person));
    expect(entries.map((entry) => [entry.type === 'failed' && entry.errorCode, entry.billed])).toEqual([
      ['IDV_INPUT_INVALID', 'no'],
      ['IDV_CONNECTION_LOST', 'unknown'],
      ['IDV_SHUTTING_DOWN', 'no'],
    ]);
  });

  it('is none after a defect, which is passed on as it is and looks like no answer', async () => {
    const clock = new ManualClock();
    const store = { ...remote(new MemoryLedger({ clock })), claim: async () => undefined as unknown as ClaimAnswer };
    const { engine, asked, entries, telemetry } = heard({ clock, ledger: () => store });
    await expect(engine.verify(person)).rejects.toThrow(TypeError);
    expect([asked.length, entries]).toEqual([0, []]);
    await telemetry.drain(1_000);
    expect(clock.pending).toBe(0);
  });
});

it('counts each decision of the ledger once', async () => {
  const verdicts: unknown[] = [];
  const noop = createNoopMeter();
  const meter: Meter = Object.assign(Object.create(noop) as Meter, {
    constructor: Object,
    createCounter: (name: string) => ({
      add: (_value: number, attributes: Record<string, unknown>) =>
        name === TELEMETRY.claims && verdicts.push(attributes[ATTRIBUTES.verdict]),
    }),
  });
  metrics.setGlobalMeterProvider({ getMeter: () => meter });
  const clock = new ManualClock();
  const ledger = new MemoryLedger({ clock });
  const [here, there] = [open({ clock, ledger: () => ledger }), open({ clock, ledger: () => ledger })];
  const leading = there.engine.verify(person);
  const following = here.engine.verify(person);
  await clock.advance(0);
  there.asked[0]!.answer(answered());
  await clock.advance(20);
  await Promise.all([leading, following]);
  await here.engine.verify(person);
  expect(verdicts).toEqual(['granted', 'in_flight', 'hit', 'hit']);
});

describe('the time of the last answer', () => {
  it('is that of the last answer of the upstream to this process', async () => {
    const clock = new ManualClock();
    const ledger = new MemoryLedger({ clock });
    const [here, there] = [open({ clock, ledger: () => ledger }), open({ clock, ledger: () => ledger })];
    const verified = there.engine.verify(person);
    await clock.advance(7);
    there.asked[0]!.answer(answered());
    const { answeredAt } = await verified;
    expect((await here.engine.verify(person)).source).toBe('ledger');
    expect([there.engine.lastAnswerAt, here.engine.lastAnswerAt]).toEqual([answeredAt, undefined]);
  });
});

describe('a latch', () => {
  /** An engine, and one of another process, whose account ran out of its quota. */
  async function latched(isSeenHere: boolean) {
    const clock = new ManualClock();
    const ledger = new MemoryLedger({ clock });
    const store = remote(ledger);
    const here = heard({ clock, ledger: () => store });
    const other = open({ clock, ledger: () => ledger });
    const { engine, asked } = isSeenHere ? here : other;
    const ranOut = codeOf(engine.verify(person));
    await clock.advance(0);
    asked[0]!.answer(failed('IDV_QUOTA', { latch: 'quota' } as Partial<Decoded>));
    expect(await ranOut).toBe('IDV_QUOTA');
    here.events.length = 0;
    return { ...here, other, store };
  }
  const reopened = { type: 'latch', instance: 'default', name: 'quota', state: 'reopened' };

  it('is the one that the ledger has closed', async () => {
    const { engine, clock } = await latched(false);
    expect(await engine.latch()).toEqual({ name: 'quota', until: clock.now() + 300_000 });
    expect(await open().engine.latch()).toBeUndefined();
  });

  it.each([true, false])('is reopened, and reported by its name; this process saw it close: %j', async (isSeenHere) => {
    const { engine, events } = await latched(isSeenHere);
    expect(await engine.reopen()).toBe(true);
    expect(await engine.latch()).toBeUndefined();
    expect(events).toEqual([reopened]);
  });

  it('is reported as well if another process has reopened it before', async () => {
    const { engine, other, events } = await latched(true);
    await other.engine.reopen();
    expect(await engine.reopen()).toBe(false);
    expect(events).toEqual([reopened]);
  });

  it.each([
    ['there is none', false],
    ['it stays closed', true],
  ])('is not reported if %s', async (_title, isClosed) => {
    const { engine, store, events, other } = await latched(isClosed);
    if (isClosed) store.reopen = async () => false;
    else await other.engine.reopen();
    expect(await engine.reopen()).toBe(false);
    expect(events).toEqual([]);
  });

  it('is that of a tenant', async () => {
    const { engine, asked, clock, events } = heard({
      options: { tenants: () => ({ credentials: { appCode: 'code' } }) },
    });
    const ranOut = codeOf(engine.verify(otherPerson, { tenant: 't' }));
    await clock.advance(0);
    asked[0]!.answer(failed('IDV_QUOTA', { latch: 'quota' } as Partial<Decoded>));
    await ranOut;
    expect([await engine.reopen(), await engine.reopen('t')]).toEqual([false, true]);
    expect(events.slice(1)).toEqual([{ ...reopened, tenant: 't' }]);
  });
});
