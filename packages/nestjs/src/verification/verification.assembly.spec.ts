import { TEST_POPULATION } from '@identity-verify/contract';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createNoopMeter, metrics, type Meter } from '@opentelemetry/api';
import type { Identity } from '../identity/identity.check.js';
import { LedgerKeys } from '../ledger/ledger.keys.js';
import type { ClaimRequest, Ledger, LedgerAnswer } from '../ledger/ledger.port.js';
import { MemoryLedger } from '../ledger/memory.ledger.js';
import { resolveOptions } from '../options/options.resolver.js';
import type { IdentityVerifyOptions } from '../options/options.types.js';
import type { AuditEntry, IdentityVerifyEvent } from '../telemetry/events.types.js';
import { TELEMETRY } from '../telemetry/telemetry.names.js';
import { FakeUpstream } from '../testing/fake.upstream.js';
import { ManualClock } from '../testing/manual.clock.js';
import { WireFailure } from '../upstream/transport.port.js';
import { assemble } from './verification.assembly.js';

const [person, otherPerson] = TEST_POPULATION;
const PEPPER = 'a pepper that is long enough for this';

afterEach(() => metrics.disable());

/** A ledger in memory that can fail. It notes what it is asked. */
class Store {
  isDown = false;
  readonly claims: ClaimRequest[] = [];
  readonly answers: LedgerAnswer[] = [];
  readonly memory: MemoryLedger;
  readonly ledger: Ledger;

  constructor(clock: ManualClock, shared: unknown) {
    this.memory = new MemoryLedger({ clock });
    const { memory } = this;
    const through =
      <A, T>(run: (argument: A) => T) =>
      (argument: A): T => {
        if (this.isDown) throw new Error('down');
        return run(argument);
      };
    this.ledger = {
      claim: through((request: ClaimRequest) => {
        this.claims.push(request);
        return memory.claim(request);
      }),
      settle: through((settlement) => {
        const isTaken = memory.settle(settlement);
        if (isTaken && settlement.result.kind === 'answered') this.answers.push(settlement.result.answer);
        return isTaken;
      }),
      release: through((grant) => memory.release(grant)),
      forget: through((request) => memory.forget(request)),
      spent: through((scope) => memory.spent(scope)),
      latch: through((scope) => memory.latch(scope)),
      reopen: through((scope) => memory.reopen(scope)),
      scopes: () => through(() => memory.scopes())(undefined),
      ...(shared !== undefined && { shared }),
    };
  }
}

interface Setup {
  readonly options?: Partial<IdentityVerifyOptions>;
  readonly shared?: unknown;
  readonly name?: string;
  readonly clock?: ManualClock;
  readonly store?: Store;
}

function open({ options = {}, shared, name = 'bank', clock = new ManualClock(), store }: Setup = {}) {
  const upstream = new FakeUpstream();
  const kept = store ?? new Store(clock, shared);
  const warned: string[] = [];
  const entries: AuditEntry[] = [];
  const events: IdentityVerifyEvent[] = [];
  const assembly = assemble({
    name,
    options: resolveOptions({
      credentials: { appCode: 'code' },
      baseUrl: 'http://127.0.0.1',
      pepper: PEPPER,
      random: () => 0.5,
      audit: (entry) => void entries.push(entry),
      onEvent: (event) => void (event.type !== 'answered' && event.type !== 'failed' && events.push(event)),
      ...options,
    }),
    transport: upstream,
    ledger: kept.ledger,
    clock,
    warn: (message) => warned.push(message),
  });
  const ask = (who: Identity = person, how = {}) =>
    assembly.engine.verify(who, how).then(
      ({ source }) => source,
      (error: { code: string }) => error.code,
    );
  /** Makes the store unavailable to this instance. */
  const lose = async () => {
    kept.isDown = true;
    for (let n = 0; n < 3; n++) await assembly.engine.latch().catch(() => undefined);
  };
  return { ...assembly, upstream, store: kept, breaker: assembly.store, warned, entries, events, clock, ask, lose };
}

describe('an instance', () => {
  it('claims with its name, its deadline and a margin, its lifetime of a doubt, and its limits', async () => {
    const { ask, store } = open({
      name: 'a bank',
      options: {
        deadlineMs: 1_000,
        lifetimes: { unknownMs: 7_000 },
        budget: { callsPerDay: 3, fenPerCall: 30 },
        subjectLimit: { perIdNumber: 2, perMobile: 3, windowMs: 4 },
      },
    });
    expect(await ask()).toBe('upstream');
    expect(store.claims).toMatchObject([{ scope: 'a%20bank', leaseMs: 6_000, doubtMs: 7_000, maxAgeMs: undefined }]);
    expect(store.claims[0]).toMatchObject({
      budget: { callsPerDay: 3 },
      subjectLimit: { perIdNumber: 2, perMobile: 3, windowMs: 4 },
    });
    expect(store.claims[0]?.budget).not.toHaveProperty('fenPerCall');
  });

  it('reports each question under its name, at its price, and says which function fails', async () => {
    const { ask, entries } = open({ options: { budget: { fenPerCall: 30 } } });
    await ask();
    expect(entries).toMatchObject([{ type: 'answered', instance: 'bank', outcome: 'match', billed: 'yes', fen: 30 }]);
    const failing = open({ options: { audit: () => Promise.reject(new Error('full')) } });
    expect(await failing.ask()).toBe('upstream');
    await failing.clock.advance(0);
    expect(failing.warned).toEqual(['The function behind `audit` failed; the verification did not.']);
  });

  it.each([
    ['a reserved person, unless the upstream is a mock', { upstreamIsMock: false }, 'IDV_TEST_IDENTITY_REFUSED'],
    ['a document that is not accepted', { acceptedDocuments: ['hmt_permit'] as const }, 'IDV_INPUT_INVALID'],
    ['a tenant that its function does not know', { tenants: () => undefined }, 'IDV_TENANT_UNRESOLVED'],
  ])('knows its options: %s', async (_title, options, expected) => {
    const how = 'tenants' in options ? { tenant: 'north' } : {};
    expect(await open({ options }).ask(person, how)).toBe(expected);
  });

  it('gives up at its deadline', async () => {
    const { ask, upstream, clock } = open({ options: { deadlineMs: 1_000, attemptTimeoutMs: 1_000 } });
    upstream.send = (_request, signal?: AbortSignal) =>
      new Promise((_resolve, reject) =>
        signal?.addEventListener('abort', () => reject(new WireFailure('aborted', 'sent'))),
      );
    const late = ask();
    await clock.advance(999);
    expect(clock.pending).toBeGreaterThan(0);
    await clock.advance(1);
    expect(await late).toBe('IDV_TIMEOUT');
    expect(clock.pending).toBe(0);
  });

  it('says when its circuit opens and closes', async () => {
    const { ask, upstream, events, warned, clock } = open({
      options: { breaker: { failures: 1, openMs: 10 }, retry: { max: 0 } },
    });
    upstream.verifyReturns('unreachable', 'match');
    expect(await ask()).toBe('IDV_CONNECT_FAILED');
    expect(await ask()).toBe('IDV_CIRCUIT_OPEN');
    await clock.advance(10);
    expect(await ask()).toBe('upstream');
    expect(events).toEqual(['open', 'closed'].map((state) => ({ type: 'circuit', instance: 'bank', state })));
    expect(warned).toEqual([
      'The circuit opened: the upstream keeps failing.',
      'The circuit closed: the upstream answers again.',
    ]);
  });
});

describe('the pepper', () => {
  it('is shared with the other instances that know it', async () => {
    const clock = new ManualClock();
    const store = new Store(clock, undefined);
    expect(await open({ clock, store }).ask()).toBe('upstream');
    expect(await open({ clock, store, options: { pepper: [{ kid: '1', secret: PEPPER }] } }).ask()).toBe('ledger');
  });

  it('is a random one, with a warning, where none is set', async () => {
    const clock = new ManualClock();
    const store = new Store(clock, undefined);
    for (let n = 0; n < 2; n++) {
      const { ask, warned } = open({ clock, store, options: { pepper: undefined } });
      expect(await ask()).toBe('upstream');
      expect(await ask()).toBe('ledger');
      expect(warned).toEqual([
        'No `pepper` is set. This process uses a random one: other processes, and this one after a restart, cannot find its answers.',
      ]);
    }
    expect(open().warned).toEqual([]);
  });
});

describe('a ledger of this process', () => {
  it.each([undefined, false, 'yes'])('is no store, and its answers need no seal: `shared` is %j', async (shared) => {
    const { ask, store, breaker, local, lose, warned, events } = open({ shared, options: { onStoreFailure: 'local' } });
    await ask();
    expect([breaker, local, store.answers[0]?.seal]).toEqual([undefined, undefined, undefined]);
    await lose();
    expect([warned, events]).toEqual([[], []]);
    expect(await ask(otherPerson)).toBe('IDV_LEDGER_UNAVAILABLE');
  });

  it('may refuse the ends of more calls than it has room for, and none is lost', async () => {
    const { ask, store, warned } = open({ options: { ledgerEntries: 1, subjectLimit: false } });
    store.ledger.settle = () => {
      throw new Error('down');
    };
    await ask();
    await ask(otherPerson);
    expect(warned).toEqual([]);
  });
});

describe('a store', () => {
  it('gets answers with a seal, and is not believed without one', async () => {
    const { ask, store, clock, breaker } = open({ shared: true });
    await ask();
    expect(await ask()).toBe('ledger');
    const [answer] = store.answers;
    expect(breaker?.state).toBe('available');
    expect(answer?.seal).toEqual(expect.any(String));
    const [key = ''] = new LedgerKeys([{ kid: '1', secret: PEPPER }]).question('bank', otherPerson);
    const { seal: _seal, ...unsealed } = answer!;
    const forged = { ...store.claims[0]!, owner: 'forger', keys: [key], subjectLimit: undefined };
    store.memory.claim(forged);
    store.memory.settle({
      scope: 'bank',
      key,
      owner: 'forger',
      result: { kind: 'answered', answer: { ...unsealed, answeredAt: clock.now() }, ttlMs: 1_000, charged: true },
    });
    expect(await ask(otherPerson)).toBe('IDV_LEDGER_UNAVAILABLE');
  });

  it.each([
    [
      'refuse',
      'The store of the ledger is unavailable: questions that it cannot answer are refused, and not sent.',
      'IDV_LEDGER_UNAVAILABLE',
    ],
    [
      'local',
      'The store of the ledger is unavailable: questions are answered from the memory of this process, which may pay for its share of the budget.',
      'upstream',
    ],
  ] as const)('is reported when it fails and when it is back: `%s`', async (onStoreFailure, text, expected) => {
    const { ask, store, clock, local, lose, warned, events } = open({ shared: true, options: { onStoreFailure } });
    expect(local === undefined).toBe(onStoreFailure === 'refuse');
    await lose();
    expect(await ask()).toBe(expected);
    store.isDown = false;
    await clock.advance(1_500);
    await ask(otherPerson);
    const event = { type: 'store', instance: 'bank', onStoreFailure };
    expect(events).toEqual([
      { ...event, state: 'unavailable' },
      { ...event, state: 'available' },
    ]);
    expect(warned).toEqual([text, 'The store of the ledger is available again.']);
  });

  it('counts as available from the start, if there is one', () => {
    const recorded: unknown[] = [];
    const meter = Object.assign(Object.create(createNoopMeter()) as Meter, {
      createGauge: (name: string) => ({
        record: (value: number) => name === TELEMETRY.storeAvailable && recorded.push(value),
      }),
    });
    metrics.setGlobalMeterProvider({ getMeter: () => meter });
    open();
    expect(recorded).toEqual([]);
    open({ shared: true });
    expect(recorded).toEqual([1]);
  });

  it('gets the calls that were made without it, as soon as it is back', async () => {
    const { ask, store, clock, lose, upstream } = open({ shared: true, options: { onStoreFailure: 'local' } });
    await lose();
    expect(await ask()).toBe('upstream');
    expect(await ask()).toBe('ledger');
    store.isDown = false;
    await clock.advance(3_000);
    expect(store.answers).toHaveLength(1);
    expect(store.memory.spent('bank').callsToday).toBe(1);
    upstream.expectCalls(1);
  });

  it('gets back the call that it granted for a question that was not sent', async () => {
    const clock = new ManualClock();
    const store = new Store(clock, true);
    const { ask, lose } = open({
      clock,
      store,
      options: {
        onStoreFailure: 'local',
        credentials: {
          appCode: () => {
            store.isDown = true;
            throw new Error('no secret');
          },
        },
      },
    });
    expect(await ask()).toBe('IDV_CREDENTIALS_UNAVAILABLE');
    await lose();
    expect(store.memory.spent('bank').callsToday).toBe(1);
    store.isDown = false;
    await clock.advance(3_000);
    expect(store.memory.spent('bank').callsToday).toBe(0);
  });

  it('is replaced by what this process has read in it, for the shortest lifetime of an answer', async () => {
    const clock = new ManualClock();
    const store = new Store(clock, true);
    const options = { onStoreFailure: 'local', lifetimes: { matchMs: 1_000_000 }, random: () => 0.999 } as const;
    await open({ clock, store }).ask();
    const { ask, lose, upstream } = open({ clock, store, options });
    expect(await ask()).toBe('ledger');
    await lose();
    await clock.advance(899_999);
    expect(await ask()).toBe('ledger');
    await clock.advance(1);
    expect(await ask()).toBe('upstream');
    upstream.expectCalls(1);
  });

  it('loses no end of a call without a warning, and keeps as many as there are entries', async () => {
    const { ask, engine, lose, warned } = open({
      shared: true,
      options: { onStoreFailure: 'local', ledgerEntries: 1 },
    });
    await lose();
    warned.length = 0;
    const lost = 'The end of a call could not be written to the ledger. Its question is in doubt after the lease.';
    expect(await ask()).toBe('upstream');
    expect(warned).toEqual([]);
    expect(await ask(otherPerson)).toBe('upstream');
    expect(warned).toEqual([lost]);
    await engine.close(1_000);
    expect(warned).toEqual([lost, lost]);
  });

  it('says nothing of an end that it gets later', async () => {
    const { ask, store, clock, warned } = open({ shared: true });
    const { settle } = store.ledger;
    store.ledger.settle = () => {
      throw new Error('down');
    };
    await ask();
    store.ledger.settle = settle;
    await clock.advance(1_000);
    expect(store.answers).toHaveLength(1);
    expect(warned).toEqual([]);
  });
});
