import { describe, expect, it } from '@jest/globals';
import type { Identity } from '../identity/identity.check.js';
import type { Ledger, Settlement } from '../ledger/ledger.port.js';
import { MemoryLedger } from '../ledger/memory.ledger.js';
import { ManualClock } from '../testing/manual.clock.js';
import {
  answered,
  codeOf,
  failed,
  open,
  otherPerson,
  person,
  remote,
  slow,
  thirdPerson,
  unsent,
} from './verification.engine.fixture.js';

describe('an engine that closes', () => {
  it('waits for pending calls before it closes, and refuses new ones', async () => {
    const { engine, asked, clock } = open();
    const under = engine.verify(person);
    await clock.advance(0);
    const closed = engine.close(1_000);
    expect(await codeOf(engine.verify(otherPerson))).toBe('IDV_SHUTTING_DOWN');
    asked[0]!.answer(answered());
    await closed;
    expect((await under).outcome).toBe('match');
    expect(clock.pending).toBe(0);
  });

  it('stops waiting after drainMs when it closes', async () => {
    const { engine, asked, clock } = open();
    void codeOf(engine.verify(person));
    await clock.advance(0);
    const closed = engine.close(1_000);
    await clock.advance(1_000);
    await closed;
    expect(asked[0]!.signals.unsent.isStopped).toBe(true);
  });

  it('refuses a question whose tenant resolves during the shutdown, and sends nothing after it', async () => {
    let resolveTenant: (account: { credentials: { appCode: string } }) => void = () => undefined;
    const { engine, asked, clock } = open({
      options: { tenants: () => new Promise((resolve) => (resolveTenant = resolve)) },
    });
    const waiting = codeOf(engine.verify(person, { tenant: 't' }));
    await clock.advance(0);
    await engine.close(1_000);
    resolveTenant({ credentials: { appCode: 'code' } });
    expect(await waiting).toBe('IDV_SHUTTING_DOWN');
    expect(asked).toHaveLength(0);
  });

  it('stops a call that outlasts the shutdown, and records it in the ledger', async () => {
    const { engine, asked, clock } = open();
    void codeOf(engine.verify(person));
    await clock.advance(0);
    asked[0]!.signals.deadline.onStop(() => asked[0]!.answer(failed('IDV_CONNECTION_LOST')));
    const closed = engine.close(1_000);
    await clock.advance(1_000);
    await closed;
    expect(asked[0]!.signals.deadline).toMatchObject({ isStopped: true, reason: 'closing' });
    expect((await engine.spent()).spent.callsToday).toBe(1);
  });

  it('refuses a question whose answer is in memory, before and after its tenant resolves', async () => {
    const resolvers: (() => void)[] = [];
    const account = { credentials: { appCode: 'code' } };
    const tenants = () => new Promise<typeof account>((resolve) => resolvers.push(() => resolve(account)));
    const { engine, asked, clock } = open({ options: { tenants } });
    const known = engine.verify(person, { tenant: 't' });
    resolvers[0]?.();
    await clock.advance(0);
    asked[0]!.answer(answered());
    await known;
    await clock.advance(120_000); // the account is not kept for so long
    const waiting = codeOf(engine.verify(person, { tenant: 't' }));
    await engine.close(1_000);
    resolvers[1]?.();
    expect([await waiting, resolvers.length]).toEqual(['IDV_SHUTTING_DOWN', 2]);
    const own = open();
    await verified(own, person);
    await own.engine.close(1_000);
    expect(await codeOf(own.engine.verify(person))).toBe('IDV_SHUTTING_DOWN');
  });

  it('makes no call for a question whose abandoned flight ends during the shutdown', async () => {
    const { engine, asked, clock } = open();
    const impatient = new AbortController();
    const first = codeOf(engine.verify(person, { signal: impatient.signal }));
    await clock.advance(0);
    impatient.abort();
    const patient = codeOf(engine.verify(person));
    const closed = engine.close(1_000);
    asked[0]!.answer(unsent('IDV_ABORTED'));
    await closed;
    expect([await first, await patient, asked.length]).toEqual(['IDV_ABORTED', 'IDV_SHUTTING_DOWN', 1]);
  });

  it.each([
    [10_000, 9_800],
    [100, 50],
  ])('of %d ms, leaves %d to calls, and no timer', async (drainMs, callsMs) => {
    const { engine, asked, clock } = open();
    const under = codeOf(engine.verify(person));
    await clock.advance(0);
    const { deadline } = asked[0]!.signals;
    deadline.onStop(() => asked[0]!.answer(failed('IDV_CONNECTION_LOST')));
    let isClosed = false;
    const closed = engine.close(drainMs).then(() => (isClosed = true));
    await clock.advance(callsMs - 1);
    expect([isClosed, deadline.isStopped]).toEqual([false, false]);
    await clock.advance(1);
    await closed;
    expect([await under, clock.pending]).toEqual(['IDV_CONNECTION_LOST', 0]);
  });

  it('waits for what is still being written, although nobody waits for its answer', async () => {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    const store = { ...remote(memory), settle: slow(clock, 40, (settlement: Settlement) => memory.settle(settlement)) };
    const { engine, asked } = open({ clock, ledger: () => store, options: { deadlineMs: 1_000 } });
    const late = engine.verify(person);
    await clock.advance(990);
    asked[0]!.answer(answered());
    await clock.advance(10);
    expect((await late).outcome).toBe('match');
    let isClosed = false;
    const closed = engine.close(1_000).then(() => (isClosed = true));
    await clock.advance(29);
    expect([isClosed, memory.spent('default').callsToday]).toEqual([false, 1]);
    await clock.advance(1);
    await closed;
    expect(clock.pending).toBe(0);
    const next = open({ clock, ledger: () => store });
    expect((await next.engine.verify(person)).source).toBe('ledger');
  });

  it('gives up what cannot be written in time', async () => {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    const store = { ...remote(memory), settle: (() => Promise.reject(new Error('down'))) as Ledger['settle'] };
    const setup = open({ clock, ledger: () => store });
    for (const who of [person, otherPerson, thirdPerson]) await verified(setup, who);
    store.settle = slow(clock, 40, (settlement: Settlement) => memory.settle(settlement));
    const closed = setup.engine.close(60);
    await clock.advance(80);
    await closed;
    expect(setup.results).toEqual(['written', 'written', 'lost']);
  });
});

/** Verifies a person with a call that is answered at once. */
async function verified({ engine, asked, clock }: ReturnType<typeof open>, who: Identity): Promise<void> {
  const verifying = engine.verify(who);
  await clock.advance(0);
  asked.at(-1)!.answer(answered());
  await verifying;
}
