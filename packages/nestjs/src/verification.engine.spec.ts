import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { identityVerifyError } from './errors/identity-verify.error.js';
import { LedgerKeys } from './ledger/ledger.keys.js';
import type { Ledger } from './ledger/ledger.port.js';
import { MemoryLedger } from './ledger/memory.ledger.js';
import type { IdentityVerifyOptions } from './options/options.types.js';
import { Telemetry } from './telemetry/telemetry.js';
import { ManualClock } from './testing/manual.clock.js';
import type { CredentialSource } from './upstream/credentials.js';
import { TenantDirectory } from './upstream/tenant.directory.js';
import type { Decoded } from './upstream/reply.decoder.js';
import type { CallSignals } from './upstream/upstream.client.js';
import { VerificationEngine } from './verification.engine.js';

const [person, otherPerson, thirdPerson] = TEST_POPULATION;
const pepper = 'a pepper that is long enough for this';
const answered = (outcome: 'match' | 'mismatch' | 'no_record' | 'indeterminate' = 'match'): Decoded => ({
  kind: 'answer',
  outcome,
  billed: 'yes',
  code: '10000',
  seqNo: 'S1',
  requestId: 'R1',
});
const failed = (
  code: 'IDV_CONNECTION_LOST' | 'IDV_QUOTA' | 'IDV_SAME_PARAMETER_LIMIT' | 'IDV_BUSY',
  more: Partial<Decoded> = {},
): Decoded => ({ kind: 'failure', error: identityVerifyError(code), retry: 'never', ill: false, ...more }) as Decoded;

interface Setup {
  readonly options?: Partial<IdentityVerifyOptions>;
  readonly ledger?: (clock: ManualClock) => Ledger;
  readonly clock?: ManualClock;
  readonly allowTestMobiles?: boolean;
}

function open({ options, ledger, clock = new ManualClock(), allowTestMobiles = true }: Setup = {}) {
  const asked: { signals: CallSignals; credentials: CredentialSource; answer: (decoded: Decoded) => void }[] = [];
  let settleFailures = 0;
  const engine = new VerificationEngine({
    scope: 'default',
    options: { credentials: { appCode: 'code' }, random: () => 0.5, ...options },
    clock,
    tenants: new TenantDirectory(options?.tenants, clock),
    telemetry: new Telemetry({
      instance: 'default',
      audit: options?.audit,
      onEvent: options?.onEvent,
      onSinkFailed: () => undefined,
    }),
    keys: new LedgerKeys([{ kid: '1', secret: pepper }]),
    ledger: ledger?.(clock) ?? new MemoryLedger({ clock }),
    allowTestMobiles,
    ask: (_identity, credentials, signals) => new Promise((answer) => asked.push({ signals, credentials, answer })),
    onSettleFailed: () => settleFailures++,
  });
  return { engine, clock, asked, settleFailures: () => settleFailures };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  );

describe('VerificationEngine', () => {
  it('asks once, however many ask the same at once, and then answers from the ledger', async () => {
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

  it('tells of a failed call as paid for to the question that caused it, and to nobody else', async () => {
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

  it('takes the same person in another spelling for the same question', async () => {
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

  it('refuses bad input and test mobiles before anything is claimed', async () => {
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

  it('takes the lifetimes of the options, and asks again at once where one is 0', async () => {
    const { engine, asked, clock } = open({ options: { lifetimes: { mismatchMs: 0 } } });
    for (let i = 0; i < 2; i++) {
      const verified = engine.verify(person);
      await clock.advance(0);
      asked[i]!.answer(answered('mismatch'));
      await verified;
    }
    expect(asked).toHaveLength(2);
  });

  it('asks afresh with maxAgeMs 0', async () => {
    const { engine, asked, clock } = open();
    for (let i = 0; i < 2; i++) {
      const verified = engine.verify(person, { maxAgeMs: 0 });
      await clock.advance(0);
      asked[i]!.answer(answered());
      expect((await verified).source).toBe('upstream');
    }
  });

  it('holds a question in doubt after a call that may have been paid for, until the caller insists', async () => {
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

  it('gives the reservation back when nothing was billed', async () => {
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

  it('closes the door for everybody when the account ran out, and finds out with one call', async () => {
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

  it('blocks the one question that was asked too often', async () => {
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

  it('does not become a machine for guessing', async () => {
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

  it("ends one caller's wait by its signal, and gives the others their answer", async () => {
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

  it('tells the upstream when the last caller has gone, and still settles what it answers', async () => {
    const { engine, asked, clock } = open();
    const impatient = new AbortController();
    const only = codeOf(engine.verify(person, { signal: impatient.signal }));
    await clock.advance(0);
    impatient.abort();
    expect(await only).toBe('IDV_ABORTED');
    expect(asked[0]!.signals.unsent.aborted).toBe(true);
    asked[0]!.answer(answered());
    await clock.advance(0);
    expect((await engine.verify(person)).source).toBe('ledger');
  });

  it('waits for the call of another instance, and takes its answer', async () => {
    const clock = new ManualClock();
    const ledger = new MemoryLedger({ clock });
    const here = open({ clock, ledger: () => ledger });
    const there = open({ clock, ledger: () => ledger });
    const leading = there.engine.verify(person);
    const following = here.engine.verify(person);
    await clock.advance(500);
    expect([here.asked.length, there.asked.length]).toEqual([0, 1]);
    there.asked[0]!.answer(answered());
    await clock.advance(50);
    expect([(await leading).source, (await following).source]).toEqual(['upstream', 'ledger']);
    expect(clock.pending).toBe(0);
  });

  it('does not wait longer than its deadline for another instance, nor when its caller has gone', async () => {
    const clock = new ManualClock();
    const ledger = new MemoryLedger({ clock });
    void open({ clock, ledger: () => ledger }).engine.verify(person);
    const { engine, asked } = open({ clock, ledger: () => ledger, options: { deadlineMs: 1_000 } });
    const late = codeOf(engine.verify(person));
    await clock.advance(1_000);
    expect(await late).toBe('IDV_TIMEOUT');
    const impatient = new AbortController();
    const gone = codeOf(engine.verify(person, { signal: impatient.signal }));
    await clock.advance(10);
    impatient.abort();
    await clock.advance(0);
    expect(await gone).toBe('IDV_ABORTED');
    expect(asked).toHaveLength(0);
  });

  it('holds a question in doubt for as long as the options say when the instance that asked it has died', async () => {
    const clock = new ManualClock();
    const ledger = new MemoryLedger({ clock });
    void open({ clock, ledger: () => ledger }).engine.verify(person); // never heard of again
    const { engine, asked } = open({ clock, ledger: () => ledger, options: { lifetimes: { unknownMs: 90_000 } } });
    const dead = open({ clock, ledger: () => ledger, options: { lifetimes: { unknownMs: 90_000 } } });
    void dead.engine.verify(otherPerson);
    await clock.advance(17_000); // deadline and margin: the leases are over
    await expect(engine.verify(person)).rejects.toMatchObject({ code: 'IDV_IN_DOUBT', retryAfterMs: 60_000 });
    await expect(engine.verify(otherPerson)).rejects.toMatchObject({ code: 'IDV_IN_DOUBT', retryAfterMs: 90_000 });
    await clock.advance(60_000);
    void engine.verify(person);
    await clock.advance(0);
    expect(asked).toHaveLength(1);
  });

  it('gives the answer of a call whose end the ledger could not be told', async () => {
    const broken = (clock: ManualClock): Ledger => {
      const ledger = new MemoryLedger({ clock });
      return {
        claim: (request) => ledger.claim(request),
        forget: () => 0,
        latch: () => undefined,
        spent: (scope) => ledger.spent(scope),
        settle: () => Promise.reject(new Error('down')),
      };
    };
    const { engine, asked, clock, settleFailures } = open({ ledger: broken });
    const verified = engine.verify(person);
    await clock.advance(0);
    asked[0]!.answer(answered());
    expect((await verified).outcome).toBe('match');
    expect(settleFailures()).toBe(1);
  });

  it('refuses when the ledger is down: without it no budget can be kept', async () => {
    const down = () => Promise.reject(new Error('redis://:secret@host is down'));
    const { engine, asked, clock } = open({
      ledger: () => ({ claim: down, settle: down, forget: down, spent: down, latch: down }),
    });
    const refused = engine.verify(person);
    await expect(refused).rejects.toMatchObject({
      code: 'IDV_LEDGER_UNAVAILABLE',
      message: expect.not.stringContaining('secret'),
    });
    await clock.advance(0);
    expect(asked).toHaveLength(0);
  });

  it('forgets a person', async () => {
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

  it('lets calls under way end before it closes, and refuses new ones', async () => {
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

  it('does not wait for ever when it closes', async () => {
    const { engine, asked, clock } = open();
    void codeOf(engine.verify(person));
    await clock.advance(0);
    const closed = engine.close(1_000);
    await clock.advance(1_000);
    await closed;
    expect(asked[0]!.signals.unsent.aborted).toBe(true);
  });
});
