import { describe, expect, it } from '@jest/globals';
import type { Identity } from '../identity/identity.check.js';
import type { Person } from '../identity/person.check.js';
import type { ForgetRequest } from '../ledger/ledger.port.js';
import { MemoryLedger } from '../ledger/memory.ledger.js';
import { ManualClock } from '../testing/manual.clock.js';
import { answered, codeOf, open, person, otherPerson, remote } from './verification.engine.fixture.js';

describe('forget', () => {
  const tenants = () => ({ credentials: { appCode: 'code' } });

  async function verified({ engine, asked, clock }: ReturnType<typeof open>, who: Identity, tenant?: string) {
    const verifying = engine.verify(who, tenant === undefined ? {} : { tenant });
    await clock.advance(0);
    asked.at(-1)!.answer(answered());
    await verifying;
  }

  it.each([
    ['the ID number', { idCard: ` ${person.idCard.toLowerCase()}` }],
    ['the mobile', { mobile: `+86 ${person.mobile}` }],
    ['both', { idCard: person.idCard, mobile: person.mobile }],
  ])('erases a person by %s alone, from every tenant', async (_title, known) => {
    const setup = open({ options: { tenants } });
    for (const tenant of [undefined, 't', 'u']) await verified(setup, person, tenant);
    await verified(setup, otherPerson);
    expect(await setup.engine.forget(known)).toBeGreaterThanOrEqual(3);
    for (const tenant of ['t', 'u']) await verified(setup, person, tenant);
    expect(setup.asked).toHaveLength(6);
    expect((await setup.engine.verify(otherPerson)).source).toBe('ledger');
  });

  it('erases only from the named tenant', async () => {
    const setup = open({ options: { tenants } });
    for (const tenant of [undefined, 't']) await verified(setup, person, tenant);
    await setup.engine.forget({ idCard: person.idCard }, 't');
    expect((await setup.engine.verify(person)).source).toBe('ledger');
  });

  it('erases an answer that outlives the subject window', async () => {
    const setup = open({ options: { lifetimes: { matchMs: 30 * 86_400_000 } } });
    await verified(setup, person);
    await setup.clock.advance(20 * 86_400_000);
    expect((await setup.engine.verify(person)).source).toBe('ledger');
    await setup.engine.forget({ mobile: person.mobile });
    await verified(setup, person);
    expect(setup.asked).toHaveLength(2);
  });

  it('erases from every tenant that it can, and only then throws', async () => {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    const store = remote(memory);
    const setup = open({ clock, options: { tenants }, ledger: () => store });
    for (const tenant of [undefined, 't', 'u']) await verified(setup, person, tenant);
    const forgotten: string[] = [];
    store.forget = async (request) => {
      forgotten.push(request.scope);
      if (forgotten.length === 1) throw new Error('down');
      return memory.forget(request);
    };
    expect(await codeOf(setup.engine.forget({ idCard: person.idCard }))).toBe('IDV_LEDGER_UNAVAILABLE');
    expect(forgotten).toHaveLength(3);
    store.scopes = () => Promise.reject(new Error('down'));
    expect(await codeOf(setup.engine.forget({ idCard: person.idCard }))).toBe('IDV_LEDGER_UNAVAILABLE');
    expect(forgotten).toHaveLength(4);
  });

  it.each([{}, { name: person.name }, { idCard: '1' }, { mobile: '1' }, null, 'x'])(
    'refuses a request without a person: %j',
    async (who) => {
      expect(await codeOf(open().engine.forget(who as Person))).toBe('IDV_INPUT_INVALID');
    },
  );

  it('erases a person', async () => {
    const { engine, asked, clock } = open();
    const verified = engine.verify(person);
    await clock.advance(0);
    asked[0]!.answer(answered());
    await verified;
    expect(await engine.forget(person)).toBeGreaterThan(0);
    void engine.verify(person);
    await clock.advance(0);
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['the ID number', { idCard: person.idCard }, { keys: 0, idKeys: 1, mobileKeys: 0 }],
    ['the mobile', { mobile: person.mobile }, { keys: 0, idKeys: 0, mobileKeys: 1 }],
    ['all three', person, { keys: 1, idKeys: 1, mobileKeys: 1 }],
  ])(
    'asks the ledger for no more than what %s names, and in no scope of another instance',
    async (_title, known, keys) => {
      const clock = new ManualClock();
      const store = remote(new MemoryLedger({ clock }));
      store.scopes = async () => ['default', 'default/t', 'defaults', 'other'];
      const requests: ForgetRequest[] = [];
      store.forget = async (request) => requests.push(request);
      const { engine } = open({ clock, ledger: () => store });
      await engine.forget(known);
      expect(requests.map(({ scope }) => scope)).toEqual(['default', 'default/t']);
      for (const { keys: questions, idKeys, mobileKeys } of requests)
        expect({ keys: questions.length, idKeys: idKeys.length, mobileKeys: mobileKeys.length }).toEqual(keys);
    },
  );
});
