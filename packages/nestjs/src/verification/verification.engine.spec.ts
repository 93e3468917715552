import { describe, expect, it } from '@jest/globals';
import type { Identity } from '../identity/identity.check.js';
import type { Decoded } from '../upstream/reply.decoder.js';
import type { CallEnd } from '../upstream/upstream.client.js';
import type { VerifyOptions } from './verification.types.js';
import {
  answered,
  codeOf,
  failed,
  open,
  person,
  otherPerson,
  thirdPerson,
  unsent,
} from './verification.engine.fixture.js';

describe('VerificationEngine', () => {
  it('makes one call for 1,000 concurrent equal questions, then answers from the ledger', async () => {
    const { engine, asked, clock } = open();
    const all = Array.from({ length: 1_000 }, () => engine.verify({ ...person }));
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    asked[0]!.answer(answered());
    const results = await Promise.all(all);
    expect(results.filter(({ source, billed }) => source === 'upstream' && billed === 'yes')).toHaveLength(1);
    expect(results.filter(({ source, billed }) => source === 'joined' && billed === 'no')).toHaveLength(999);
    expect(await engine.verify(person)).toEqual({
      outcome: 'match',
      code: '10000',
      billed: 'no',
      source: 'ledger',
      seqNo: 'S1',
      requestId: 'R1',
      answeredAt: new Date(clock.now()),
    });
    expect((await engine.spent()).spent.callsToday).toBe(1);
  });

  it('reports the cost of a failed call only to the caller that started it', async () => {
    const { engine, asked, clock } = open();
    const billed = () =>
      engine.verify(person).catch((error: { code: string; billed: string }) => [error.code, error.billed]);
    const all = [billed(), billed(), billed()];
    await clock.advance(0);
    asked[0]!.answer(failed('IDV_CONNECTION_LOST'));
    expect(await Promise.all(all)).toEqual([
      ['IDV_CONNECTION_LOST', 'unknown'],
      ['IDV_CONNECTION_LOST', 'no'],
      ['IDV_CONNECTION_LOST', 'no'],
    ]);
    expect(await billed()).toEqual(['IDV_IN_DOUBT', 'no']);
  });

  it('treats another spelling of a person as the same question', async () => {
    const { engine, asked, clock } = open();
    const first = engine.verify(person);
    const second = engine.verify({
      name: ` ${person.name}`,
      idCard: person.idCard.toLowerCase(),
      mobile: `+86 ${person.mobile}`,
    });
    await clock.advance(0);
    expect(asked).toHaveLength(1);
    asked[0]!.answer(answered());
    expect((await first).outcome).toBe((await second).outcome);
  });

  it('refuses invalid input and test mobiles before a claim', async () => {
    const { engine, asked } = open({ allowTestMobiles: false });
    expect(await codeOf(engine.verify({ name: '', idCard: '', mobile: '' }))).toBe('IDV_INPUT_INVALID');
    expect(await codeOf(engine.verify(person))).toBe('IDV_TEST_IDENTITY_REFUSED');
    expect(asked).toHaveLength(0);
    expect((await engine.spent()).spent.callsToday).toBe(0);
  });

  it.each([
    ['match', 86_400_000],
    ['mismatch', 600_000],
    ['no_record', 300_000],
    ['indeterminate', 60_000],
  ] as const)('keeps %s for its lifetime, varied by a tenth', async (outcome, lifetimeMs) => {
    for (const [random, ms] of [
      [0, lifetimeMs * 0.9],
      [0.999_999_999, lifetimeMs * 1.1 - 1],
    ] as const) {
      const { engine, asked, clock } = open({ options: { random: () => random } });
      const first = engine.verify(person);
      await clock.advance(0);
      asked[0]!.answer(answered(outcome));
      await first;
      await clock.advance(Math.floor(ms) - 1);
      expect((await engine.verify(person)).source).toBe('ledger');
      await clock.advance(2);
      void engine.verify(person);
      await clock.advance(0);
      expect(asked).toHaveLength(2);
    }
  });

  it('applies the lifetimes of the options, and asks again at once with a lifetime of 0', async () => {
    const { engine, asked, clock } = open({ options: { lifetimes: { mismatchMs: 0 } } });
    for (let i = 0; i < 2; i++) {
      const verified = engine.verify(person);
      await clock.advance(0);
      asked[i]!.answer(answered('mismatch'));
      await verified;
    }
    expect(asked).toHaveLength(2);
  });

  it('makes a new call with maxAgeMs 0', async () => {
    const { engine, asked, clock } = open();
    for (let i = 0; i < 2; i++) {
      const verified = engine.verify(person, { maxAgeMs: 0 });
      await clock.advance(0);
      asked[i]!.answer(answered());
      expect((await verified).source).toBe('upstream');
    }
  });

  it('holds a question in doubt after a call that may have been billed, until repeatInDoubt', async () => {
    const { engine, asked, clock } = open();
    const lost = codeOf(engine.verify(person));
    await clock.advance(0);
    asked[0]!.answer(failed('IDV_CONNECTION_LOST'));
    expect(await lost).toBe('IDV_CONNECTION_LOST');
    expect(await codeOf(engine.verify(person))).toBe('IDV_IN_DOUBT');
    expect((await engine.spent()).spent.callsToday).toBe(1);
    const insisted = engine.verify(person, { repeatInDoubt: true });
    await clock.advance(0);
    asked[1]!.answer(answered());
    expect((await insisted).outcome).toBe('match');
    expect((await engine.spent()).spent.callsToday).toBe(2);
  });

  it('refunds the reservation when nothing was billed', async () => {
    const { engine, asked, clock } = open({ options: { budget: { callsPerDay: 1 } } });
    const busy = codeOf(engine.verify(person));
    await clock.advance(0);
    asked[0]!.answer(failed('IDV_BUSY'));
    expect(await busy).toBe('IDV_BUSY');
    expect((await engine.spent()).spent.callsToday).toBe(0);
    void engine.verify(person);
    await clock.advance(0);
    expect(asked).toHaveLength(2);
    expect(await codeOf(engine.verify(otherPerson))).toBe('IDV_BUDGET_EXHAUSTED');
  });

  it('closes the latch when the quota is exhausted, then admits one probe', async () => {
    const { engine, asked, clock } = open({ options: { latches: { quotaMs: 1_000 } } });
    const ranOut = codeOf(engine.verify(person));
    await clock.advance(0);
    asked[0]!.answer(failed('IDV_QUOTA', { latch: 'quota' } as Partial<Decoded>));
    expect(await ranOut).toBe('IDV_QUOTA');
    expect(await codeOf(engine.verify(otherPerson))).toBe('IDV_LATCHED');
    await clock.advance(1_000);
    const probe = engine.verify(otherPerson);
    await clock.advance(0);
    expect(await codeOf(engine.verify(thirdPerson))).toBe('IDV_LATCHED');
    asked[1]!.answer(answered());
    expect((await probe).outcome).toBe('match');
    void engine.verify(thirdPerson);
    await clock.advance(0);
    expect(asked).toHaveLength(3);
  });

  it('blocks only the question over the same-parameter limit', async () => {
    const { engine, asked, clock } = open();
    const tooOften = codeOf(engine.verify(person));
    await clock.advance(0);
    asked[0]!.answer(failed('IDV_SAME_PARAMETER_LIMIT', { block: true } as Partial<Decoded>));
    await tooOften;
    expect(await codeOf(engine.verify(person))).toBe('IDV_SAME_PARAMETER_BLOCKED');
    void engine.verify(otherPerson);
    await clock.advance(0);
    expect(asked).toHaveLength(2);
  });

  it('limits the questions about one person', async () => {
    const { engine, asked, clock } = open();
    for (let i = 0; i < 5; i++) {
      const guess = engine.verify({ ...person, name: `测试${'甲乙丙丁戊'[i]}` });
      await clock.advance(0);
      asked[i]!.answer(answered('mismatch'));
      await guess;
    }
    expect(await codeOf(engine.verify({ ...person, name: '测试己' }))).toBe('IDV_SUBJECT_LIMIT');
    expect((await engine.verify({ ...person, name: '测试甲' })).source).toBe('ledger');
  });

  it('ends the wait of a caller that aborts, and answers the other callers', async () => {
    const { engine, asked, clock } = open();
    const impatient = new AbortController();
    const first = codeOf(engine.verify(person, { signal: impatient.signal }));
    const second = engine.verify(person);
    await clock.advance(0);
    impatient.abort();
    expect(await first).toBe('IDV_ABORTED');
    asked[0]!.answer(answered());
    expect((await second).outcome).toBe('match');
    expect(await codeOf(engine.verify(person, { signal: AbortSignal.abort() }))).toBe('IDV_ABORTED');
  });

  it('stops unsent work when the last caller leaves, but settles a sent call', async () => {
    const { engine, asked, clock } = open();
    const impatient = new AbortController();
    const only = codeOf(engine.verify(person, { signal: impatient.signal }));
    await clock.advance(0);
    impatient.abort();
    expect(await only).toBe('IDV_ABORTED');
    expect(asked[0]!.signals.unsent.isStopped).toBe(true);
    asked[0]!.answer(answered());
    await clock.advance(0);
    expect((await engine.verify(person)).source).toBe('ledger');
  });

  it.each([
    ['maxAgeMs', null],
    ['maxAgeMs', NaN],
    ['maxAgeMs', 'x'],
    ['maxAgeMs', '0'],
    ['maxAgeMs', -1],
    ['maxAgeMs', true],
    ['maxAgeMs', 5n],
    ['maxAgeMs', {}],
    ['repeatInDoubt', 'false'],
    ['repeatInDoubt', 1],
    ['repeatInDoubt', null],
    ['signal', {}],
    ['signal', 'now'],
    ['purpose', { name: 'x' }],
    ['consentRef', 7],
    ['maxAge', 0],
    ['__proto__x', 0],
  ])('refuses %s: %p before a claim', async (name, value) => {
    const { engine, asked } = open();
    const how = { [name]: value } as VerifyOptions;
    await expect(engine.verify(person, how)).rejects.toMatchObject({ code: 'IDV_ARGUMENT_INVALID', billed: 'no' });
    expect(asked).toHaveLength(0);
    expect((await engine.spent()).spent.callsToday).toBe(0);
  });

  it.each([
    null,
    [],
    'x',
    7,
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('x');
        },
      },
    ),
  ])('refuses options that are not an object or are unreadable: %#', async (how) => {
    expect(await codeOf(open().engine.verify(person, how as VerifyOptions))).toBe('IDV_ARGUMENT_INVALID');
  });

  it('names the field of a test mobile that is refused', async () => {
    const { engine } = open({ allowTestMobiles: false });
    await expect(engine.verify(person)).rejects.toMatchObject({
      violations: [{ field: 'mobile', reason: 'mobile_reserved' }],
    });
  });

  it('answers at once, without a promise, what is in memory', async () => {
    const { engine, asked, clock } = open();
    const first = engine.answer(person);
    expect(first).toBeInstanceOf(Promise);
    await clock.advance(0);
    asked[0]!.answer(answered());
    await first;
    expect(engine.answer(person)).toMatchObject({ source: 'ledger', outcome: 'match' });
  });

  it.each([{}, { seqNo: 'S1' }, { requestId: 'R1' }])(
    'returns the ids that the answer has, and no others: %j',
    async (ids) => {
      const { engine, asked, clock } = open();
      const verified = engine.verify(person);
      await clock.advance(0);
      const answer = { outcome: 'match', code: '10000' } as const;
      asked[0]!.answer({ kind: 'answer', billed: 'yes', ...answer, ...ids });
      const answeredAt = new Date(clock.now());
      expect(await verified).toStrictEqual({ ...answer, ...ids, billed: 'yes', source: 'upstream', answeredAt });
      expect(await engine.verify(person)).toStrictEqual({
        ...answer,
        ...ids,
        billed: 'no',
        source: 'ledger',
        answeredAt,
      });
    },
  );

  it('counts the calls of a tenant apart, and against a budget of its own', async () => {
    const account = { credentials: { appCode: 'code' }, budget: { callsPerDay: 2 } };
    const { engine, asked, clock } = open({ options: { tenants: () => account, budget: { callsPerDay: 9 } } });
    const verified = engine.verify(person, { tenant: 't' });
    await clock.advance(0);
    asked[0]!.answer(answered());
    await verified;
    expect(await engine.spent('t')).toMatchObject({ spent: { callsToday: 1 }, budget: { callsPerDay: 2 } });
    expect(await engine.spent()).toMatchObject({ spent: { callsToday: 0 }, budget: { callsPerDay: 9 } });
  });

  it('treats undefined options as missing', async () => {
    const { engine, asked, clock } = open();
    void engine.verify(person, { maxAgeMs: undefined, repeatInDoubt: undefined, signal: undefined });
    await clock.advance(0);
    expect(asked).toHaveLength(1);
  });

  it('keeps no charge, subject mark or doubt of a call that was not sent', async () => {
    const { engine, asked, clock } = open();
    for (let i = 0; i < 20; i++) {
      const free = codeOf(engine.verify({ ...person, name: `测试${String.fromCodePoint(0x4e00 + i)}` }));
      await clock.advance(0);
      asked[i]!.answer(unsent('IDV_CIRCUIT_OPEN'));
      expect(await free).toBe('IDV_CIRCUIT_OPEN');
    }
    expect((await engine.spent()).spent.callsToday).toBe(0);
  });

  it('restores the doubt when the call with repeatInDoubt was not sent', async () => {
    const { engine, asked, clock } = open();
    const lost = codeOf(engine.verify(person));
    await clock.advance(0);
    asked[0]!.answer(failed('IDV_CONNECTION_LOST'));
    await lost;
    const insisted = codeOf(engine.verify(person, { repeatInDoubt: true }));
    await clock.advance(0);
    asked[1]!.answer(unsent('IDV_OVERLOADED'));
    expect(await insisted).toBe('IDV_OVERLOADED');
    expect(await codeOf(engine.verify(person))).toBe('IDV_IN_DOUBT');
    expect((await engine.spent()).spent.callsToday).toBe(1);
  });

  it.each([
    ['never sent', unsent('IDV_ABORTED')],
    ['refused for its input', { decoded: failed('IDV_BUSY'), sent: true, health: 'unasked' } satisfies CallEnd],
  ])('admits the next probe at once when the probe was %s', async (_title, end) => {
    const { engine, asked, clock } = open({ options: { latches: { quotaMs: 1_000 } } });
    const ranOut = codeOf(engine.verify(person));
    await clock.advance(0);
    asked[0]!.answer(failed('IDV_QUOTA', { latch: 'quota' } as Partial<Decoded>));
    await ranOut;
    await clock.advance(1_000);
    const probe = codeOf(engine.verify(otherPerson));
    await clock.advance(0);
    asked[1]!.answer(end);
    await probe;
    void engine.verify(thirdPerson);
    await clock.advance(0);
    expect(asked).toHaveLength(3);
  });

  it('does not join an abandoned flight, even in the step in which its last caller leaves', async () => {
    const { engine, asked, clock } = open();
    const impatient = new AbortController();
    const first = codeOf(engine.verify(person, { signal: impatient.signal }));
    await clock.advance(0);
    impatient.abort();
    const patient = engine.verify(person);
    expect(await first).toBe('IDV_ABORTED');
    asked[0]!.answer(unsent('IDV_ABORTED'));
    await clock.advance(0);
    expect(asked).toHaveLength(2);
    asked[1]!.answer(answered());
    expect(await patient).toMatchObject({ outcome: 'match', source: 'upstream', billed: 'yes' });
  });

  it('reports no cost for an aborted question that was not sent', async () => {
    const { engine, asked, clock } = open();
    const billedAfterAbort = async (send: boolean, person: Identity) => {
      const caller = new AbortController();
      const verified = engine
        .verify(person, { signal: caller.signal })
        .catch((error: { billed: string }) => error.billed);
      await clock.advance(0);
      if (send) asked.at(-1)!.signals.onSend?.();
      caller.abort();
      return verified;
    };
    expect(await billedAfterAbort(false, person)).toBe('no');
    expect(await billedAfterAbort(true, otherPerson)).toBe('unknown');
  });

  it('keeps its own deadline in the flight of a later question', async () => {
    let resolveTenant: (account: { credentials: { appCode: string } }) => void = () => undefined;
    const tenants = () => new Promise<{ credentials: { appCode: string } }>((resolve) => (resolveTenant = resolve));
    const { engine, asked, clock } = open({ options: { deadlineMs: 1_000, tenants } });
    // A caller with a signal continues one turn later, and so joins the flight of the later question.
    const early = codeOf(engine.verify(person, { tenant: 't', signal: new AbortController().signal }));
    await clock.advance(400);
    const late = codeOf(engine.verify(person, { tenant: 't' }));
    resolveTenant({ credentials: { appCode: 'code' } });
    await clock.advance(600);
    expect(asked).toHaveLength(1);
    expect(await early).toBe('IDV_TIMEOUT');
    asked[0]!.answer(answered());
    expect(await late).toBe('answered');
    await clock.advance(0);
    expect(clock.pending).toBe(0);
  });

  it('does not wait past the deadline for the tenant function', async () => {
    const { engine, clock, asked } = open({
      options: { deadlineMs: 1_000, tenants: () => new Promise(() => undefined) },
    });
    const hanging = codeOf(engine.verify(person, { tenant: 't' }));
    const caller = new AbortController();
    const aborted = codeOf(engine.verify(person, { tenant: 't', signal: caller.signal }));
    caller.abort();
    expect(await aborted).toBe('IDV_ABORTED');
    await clock.advance(1_000);
    expect(await hanging).toBe('IDV_TENANT_UNRESOLVED');
    expect(asked).toHaveLength(0);
    expect(clock.pending).toBe(0);
  });
});
