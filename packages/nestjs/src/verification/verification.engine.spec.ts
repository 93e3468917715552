import { DEFAULTS } from '../options/options.defaults.js';
import { resolveOptions } from '../options/options.resolver.js';
import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { identityVerifyError } from '../errors/identity-verify.error.js';
import type { Identity } from '../identity/identity.check.js';
import type { Person } from '../identity/person.check.js';
import { LedgerKeys, type Pepper } from '../ledger/ledger.keys.js';
import { LedgerGate } from '../ledger/ledger.gate.js';
import type { ClaimAnswer, Ledger } from '../ledger/ledger.port.js';
import { WriteBack, type WriteBackResult } from '../ledger/write.back.js';
import { MemoryLedger } from '../ledger/memory.ledger.js';
import { SettlementPolicy } from './settlement.policy.js';
import type { IdentityVerifyOptions } from '../options/options.types.js';
import { Telemetry } from '../telemetry/telemetry.js';
import { ManualClock } from '../testing/manual.clock.js';
import { AccountBook } from '../accounts/account.book.js';
import type { CredentialSource } from '../accounts/credentials.js';
import { TenantDirectory } from '../accounts/tenant.directory.js';
import type { Decoded } from '../upstream/reply.decoder.js';
import type { CallSignals } from '../upstream/call.signals.js';
import type { CallEnd } from '../upstream/upstream.client.js';
import { VerificationEngine } from './verification.engine.js';
import type { VerifyOptions } from './verification.types.js';

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
): Decoded =>
  ({
    kind: 'failure',
    error: identityVerifyError(code),
    retry: 'never',
    repeats: 0,
    health: 'well',
    ...more,
  }) as Decoded;

interface Setup {
  readonly options?: Partial<IdentityVerifyOptions>;
  readonly ledger?: (clock: ManualClock) => Ledger;
  readonly clock?: ManualClock;
  readonly allowTestMobiles?: boolean;
}

function open({ options = {}, ledger, clock = new ManualClock(), allowTestMobiles = true }: Setup = {}) {
  const asked: { signals: CallSignals; credentials: CredentialSource; answer: (end: Decoded | CallEnd) => void }[] = [];
  const results: WriteBackResult[] = [];
  const gate = new LedgerGate(ledger?.(clock) ?? new MemoryLedger({ clock }), clock, 50);
  const deadlineMs = options.deadlineMs ?? 12_000;
  const settlements = new SettlementPolicy(
    clock,
    resolveOptions({ credentials: { appCode: 'code' }, random: () => 0.5, ...options }),
  );
  const engine = new VerificationEngine({
    clock,
    accounts: new AccountBook({
      scope: 'default',
      credentials: { appCode: 'code' },
      budget: options.budget,
      tenants: new TenantDirectory(options.tenants, clock, DEFAULTS.tenantCache),
      terms: {
        leaseMs: deadlineMs + 5_000,
        doubtMs: settlements.doubtMs,
        subjectLimit: { perIdNumber: 5, perMobile: 5, windowMs: 86_400_000 },
      },
    }),
    settlements,
    telemetry: new Telemetry({
      instance: 'default',
      audit: options.audit,
      onEvent: options.onEvent,
      clock,
      warn: () => undefined,
      onSinkFailed: () => undefined,
    }),
    keys: new LedgerKeys(Array.isArray(options.pepper) ? (options.pepper as Pepper[]) : [{ kid: '1', secret: pepper }]),
    ledger: gate,
    deadlineMs,
    fenPerCall: 42,
    identityRules: { acceptedDocuments: undefined },
    allowTestMobiles,
    ask: (_identity, credentials, signals) =>
      new Promise((resolve) => {
        const answer = (end: Decoded | CallEnd) =>
          resolve('decoded' in end ? end : { decoded: end, sent: true, health: 'well' });
        asked.push({ signals, credentials, answer });
      }),
    writeBack: new WriteBack({ clock, ledger: gate, onResult: (result) => results.push(result) }),
  });
  return { engine, clock, asked, results };
}

/** The end of a call that was not sent. */
const unsent = (code: 'IDV_CIRCUIT_OPEN' | 'IDV_ABORTED' | 'IDV_OVERLOADED'): CallEnd => ({
  decoded: { kind: 'failure', error: identityVerifyError(code), retry: 'never', repeats: 0, health: 'well' },
  sent: false,
  health: 'unasked',
});

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  );

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

  it('waits for the call of another instance, and returns its answer', async () => {
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

  it('stops waiting for another instance at the deadline, or when the caller leaves', async () => {
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

  it('holds a question in doubt for lifetimes.unknownMs when the asking instance dies', async () => {
    const clock = new ManualClock();
    const ledger = new MemoryLedger({ clock });
    void open({ clock, ledger: () => ledger }).engine.verify(person); // never ends
    const { engine, asked } = open({ clock, ledger: () => ledger, options: { lifetimes: { unknownMs: 90_000 } } });
    const dead = open({ clock, ledger: () => ledger, options: { lifetimes: { unknownMs: 90_000 } } });
    void dead.engine.verify(otherPerson);
    await clock.advance(17_000); // deadline plus margin: the leases have expired
    await expect(engine.verify(person)).rejects.toMatchObject({ code: 'IDV_IN_DOUBT', retryAfterMs: 60_000 });
    await expect(engine.verify(otherPerson)).rejects.toMatchObject({ code: 'IDV_IN_DOUBT', retryAfterMs: 90_000 });
    await clock.advance(60_000);
    void engine.verify(person);
    await clock.advance(0);
    expect(asked).toHaveLength(1);
  });

  describe('when the ledger cannot record an answer', () => {
    const down = () => Promise.reject(new Error('down'));

    async function unrecorded() {
      const clock = new ManualClock();
      const memory = new MemoryLedger({ clock });
      const store = { ...remote(memory), settle: down as Ledger['settle'] };
      const opened = open({ clock, ledger: () => store });
      const verified = opened.engine.verify(person);
      await clock.advance(0);
      opened.asked[0]!.answer(answered());
      expect((await verified).outcome).toBe('match');
      return { ...opened, memory, store, recover: () => (store.settle = remote(memory).settle) };
    }

    it('returns it, and records it as soon as the ledger is back', async () => {
      const { engine, clock, asked, results, recover } = await unrecorded();
      await clock.advance(1_750); // tries after 250, 750 and 1,750 ms
      recover();
      await clock.advance(1_000);
      expect(results).toEqual(['written']);
      expect(await engine.verify(person)).toMatchObject({ source: 'ledger', outcome: 'match' });
      expect([asked.length, clock.pending]).toEqual([1, 0]);
    });

    it('gives up when the ledger no longer holds the intent', async () => {
      const { engine, clock, results } = await unrecorded();
      await clock.advance(200_000);
      expect([results, clock.pending]).toEqual([['lost'], 0]);
      await engine.close(1_000);
    });

    it('records it at the end of a shutdown', async () => {
      const { engine, memory, results, recover } = await unrecorded();
      recover();
      await engine.close(1_000);
      expect([results, memory.spent('default')]).toEqual([['written'], { callsToday: 1, callsThisMonth: 1 }]);
    });

    it('does not record it for a person who was forgotten meanwhile, even if the ledger could not forget', async () => {
      const { engine, clock, results, store, memory, recover } = await unrecorded();
      store.forget = down;
      expect(await codeOf(engine.forget({ mobile: person.mobile }))).toBe('IDV_LEDGER_UNAVAILABLE');
      recover();
      store.forget = remote(memory).forget;
      await clock.advance(60_000);
      expect(results).toEqual([]);
      expect(await engine.forget({ mobile: person.mobile })).toBeGreaterThan(0);
    });
  });

  it('refuses when the ledger is down, because no budget can be enforced', async () => {
    const down = () => Promise.reject(new Error('redis://:secret@host is down'));
    const { engine, asked, clock } = open({
      ledger: () => ({
        claim: down,
        settle: down,
        release: down,
        forget: down,
        spent: down,
        latch: down,
        reopen: down,
        scopes: down,
      }),
    });
    const refused = engine.verify(person);
    await expect(refused).rejects.toMatchObject({
      code: 'IDV_LEDGER_UNAVAILABLE',
      message: expect.not.stringContaining('secret'),
    });
    await clock.advance(0);
    expect(asked).toHaveLength(0);
  });

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

  it('does not join a flight with an older answer when maxAgeMs is 0', async () => {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    // A remote ledger answers asynchronously.
    const { engine, asked } = open({ clock, ledger: () => remote(memory) });
    const before = engine.verify(person);
    await clock.advance(0);
    asked[0]!.answer(answered());
    await before;
    const anyAge = engine.verify(person);
    const fresh = engine.verify(person, { maxAgeMs: 0 });
    await clock.advance(0);
    expect((await anyAge).source).toBe('ledger');
    await clock.advance(0);
    asked[1]!.answer(answered('mismatch'));
    expect(await fresh).toMatchObject({ outcome: 'mismatch', source: 'upstream' });
  });

  it('makes a new call with repeatInDoubt, even after joining a flight without it', async () => {
    const clock = new ManualClock();
    const { engine, asked } = open({ clock, ledger: () => remote(new MemoryLedger({ clock })) });
    const lost = codeOf(engine.verify(person));
    await clock.advance(0);
    asked[0]!.answer(failed('IDV_CONNECTION_LOST'));
    await lost;
    const timid = codeOf(engine.verify(person));
    const insisting = engine.verify(person, { repeatInDoubt: true });
    await clock.advance(0);
    expect(await timid).toBe('IDV_IN_DOUBT');
    await clock.advance(0);
    asked[1]!.answer(answered());
    expect((await insisting).outcome).toBe('match');
  });

  it('keeps no reservation for a claim that was granted too late', async () => {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    const slow: Ledger = {
      ...remote(memory),
      claim: (request) => new Promise((resolve) => clock.schedule(() => resolve(memory.claim(request)), 60)),
    };
    const { engine, asked } = open({ clock, ledger: () => slow, options: { budget: { callsPerDay: 3 } } });
    for (const one of [person, otherPerson, thirdPerson]) {
      const late = codeOf(engine.verify(one));
      await clock.advance(100);
      expect(await late).toBe('IDV_LEDGER_UNAVAILABLE');
    }
    expect(asked).toHaveLength(0);
    expect(memory.spent('default').callsToday).toBe(0);
    expect(memory.claim(claimOf('q')).verdict).toBe('granted');
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

  it('returns the answer at the deadline while the ledger is still writing', async () => {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    const slow: Ledger = {
      ...remote(memory),
      settle: (settlement) => new Promise((resolve) => clock.schedule(() => resolve(memory.settle(settlement)), 40)),
    };
    const { engine, asked } = open({ clock, ledger: () => slow, options: { deadlineMs: 1_000 } });
    const verified = engine.verify(person);
    await clock.advance(990);
    asked[0]!.answer(answered());
    await clock.advance(10);
    expect((await verified).outcome).toBe('match');
    await clock.advance(40);
    expect((await engine.verify(person)).source).toBe('ledger');
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

  describe('during a pepper rotation', () => {
    const [a, b] = [
      { kid: 'a', secret: 'the pepper that was used until today' },
      { kid: 'b', secret: 'the pepper that is used from today on' },
    ];

    /** One process that can read the new pepper, and one that writes it. */
    function processes() {
      const clock = new ManualClock();
      const ledger = new MemoryLedger({ clock });
      const before = open({ clock, ledger: () => ledger, options: { pepper: [a, b] } });
      const after = open({ clock, ledger: () => ledger, options: { pepper: [b, a] } });
      return { clock, ledger, before, after };
    }

    it.each(['before', 'after'] as const)('pays once, whichever process asks first (%s)', async (first) => {
      const { clock, before, after } = processes();
      const [leader, follower] = first === 'before' ? [before, after] : [after, before];
      const leading = leader.engine.verify(person);
      const following = follower.engine.verify(person);
      await clock.advance(30);
      expect(follower.asked).toHaveLength(0);
      leader.asked[0]!.answer(answered());
      await clock.advance(300);
      expect((await leading).source).toBe('upstream');
      expect((await following).source).toBe('ledger');
      expect((await follower.engine.verify(person)).source).toBe('ledger');
    });

    it('shares doubts and subject windows in both directions', async () => {
      const { clock, before, after } = processes();
      const guess = async ({ engine, asked }: typeof before, name: string) => {
        const verified = codeOf(engine.verify({ ...person, name }));
        await clock.advance(0);
        asked.at(-1)?.answer(answered('mismatch'));
        return verified;
      };
      for (const [process, name] of [
        [before, '测试一'],
        [after, '测试二'],
        [before, '测试三'],
        [after, '测试四'],
      ] as const) {
        expect(await guess(process, name)).toBe('answered');
      }
      const lost = codeOf(before.engine.verify(person));
      await clock.advance(0);
      before.asked.at(-1)!.answer(failed('IDV_CONNECTION_LOST'));
      await lost;
      expect(await codeOf(after.engine.verify(person))).toBe('IDV_IN_DOUBT');
      for (const { engine } of [before, after])
        expect(await codeOf(engine.verify({ ...person, name: '测试五' }))).toBe('IDV_SUBJECT_LIMIT');
    });

    it('erases entries under both peppers', async () => {
      const { clock, ledger, before, after } = processes();
      for (const { engine, asked } of [before, after]) {
        const verified = engine.verify(person, { maxAgeMs: 0 });
        await clock.advance(0);
        asked[0]!.answer(answered());
        await verified;
      }
      await before.engine.forget({ idCard: person.idCard });
      const keys = new LedgerKeys([a, b]).question('default', person);
      expect(ledger.peek(keys)).toBeUndefined();
    });
  });

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
  });
});

/** A ledger that answers asynchronously, like a remote store. */
function remote(ledger: MemoryLedger): Ledger {
  return {
    claim: async (request): Promise<ClaimAnswer> => ledger.claim(request),
    settle: async (settlement) => ledger.settle(settlement),
    release: async (grant) => ledger.release(grant),
    forget: async (request) => ledger.forget(request),
    spent: async (scope) => ledger.spent(scope),
    latch: async (scope) => ledger.latch(scope),
    reopen: async (scope) => ledger.reopen(scope),
    scopes: async () => ledger.scopes(),
  };
}

const claimOf = (key: string) => ({
  scope: 'default',
  keys: [key],
  idKeys: ['i'],
  mobileKeys: ['m'],
  owner: 'o',
  leaseMs: 1,
  doubtMs: 1,
  maxAgeMs: undefined,
  repeatInDoubt: false,
  budget: { callsPerDay: 3 },
  subjectLimit: undefined,
});
