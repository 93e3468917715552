import { describe, expect, it } from '@jest/globals';
import { answered, codeOf, failed, open, person, otherPerson } from './verification.engine.harness.js';

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
});
