import { RESPONSE_CODES, TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  getIdentityVerifyToken,
  IdentityVerifyService,
  MemoryLedger,
  type AuditEntry,
  type ClaimAnswer,
  type ClaimRequest,
  type ForgetRequest,
  type Grant,
  type Identity,
  type IdentityVerifyError,
  type Settlement,
  type IdentityVerifyEvent,
  type IdentityVerifyOptions,
  type Ledger,
  type SharedLedger,
  type TenantAccount,
  type VerifyOptions,
} from './index.js';
import { FakeUpstream, type FakeReply } from './testing/fake.upstream.js';
import { IdentityVerifyTestingModule } from './testing/identity-verify.testing-module.js';
import { ManualClock } from './testing/manual.clock.js';

const [person, otherPerson, thirdPerson] = TEST_POPULATION;

async function open(options: Partial<IdentityVerifyOptions> = {}) {
  const upstream = new FakeUpstream();
  const clock = new ManualClock();
  const { transport: _transport, ...rest } = options;
  const app = await Test.createTestingModule({
    imports: [IdentityVerifyTestingModule.forRoot({ upstream, options: { clock, ...rest } })],
  }).compile();
  return { upstream, clock, app, service: app.get(IdentityVerifyService) };
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  );

describe('verify', () => {
  const refused = { ...person, idCard: '110101190001010024' };
  it.each([
    ['refused input', 'IDV_INPUT_INVALID', () => refused, undefined],
    [
      'fields that cannot be read',
      'IDV_INPUT_INVALID',
      () => Object.defineProperty({}, 'name', { get: fail }),
      undefined,
    ],
    ['no input', 'IDV_INPUT_INVALID', () => undefined, undefined],
    ['an option that does not exist', 'IDV_ARGUMENT_INVALID', () => person, { maxAge: 1 }],
    ['a caller that has gone', 'IDV_ABORTED', () => person, { signal: AbortSignal.abort() }],
  ])('rejects for %s, and never throws', async (_case, code, identity, how) => {
    const { service, upstream } = await open();
    const answer = service.verify(identity() as Identity, how as VerifyOptions);
    expect(await codeOf(answer)).toBe(code);
    upstream.expectCalls(0);
  });

  function fail(): never {
    throw new Error('a broken getter');
  }

  const replies: readonly FakeReply[] = [
    ...RESPONSE_CODES.flatMap(({ code }) => (code === '10000' ? [] : [code])),
    'unreachable',
    'connection_lost',
    'timeout',
    'unreadable',
  ];
  it.each(replies)('says after %s when to ask again, as the refusal of the next question does', async (reply) => {
    const { service, upstream } = await open({ retry: { max: 0 } });
    upstream.verifyReturns(reply);
    const ask = () =>
      service.verify(person).then(
        () => undefined,
        (error: IdentityVerifyError) => error,
      );
    const first = await ask();
    const { calls } = upstream.cost;
    const second = await ask();
    expect(first?.retryAfterMs).toBe(upstream.cost.calls === calls ? second?.retryAfterMs : undefined);
  });
});

describe('spent', () => {
  it('returns the calls, the yuan and the calls left, today and this month', async () => {
    const { service, upstream } = await open({ budget: { callsPerDay: 3, fenPerCall: 35 } });
    upstream.verifyReturns('match', 'unreachable', 'timeout');
    await service.verify(person);
    await codeOf(service.verify(otherPerson));
    await codeOf(service.verify(thirdPerson));
    expect(await service.spent()).toEqual({
      today: { calls: 2, cny: 0.7, callsLeft: 1 },
      thisMonth: { calls: 2, cny: 0.7 },
    });
    expect(upstream.cost).toEqual({ calls: 3, billed: 2, cny: 0.84 });
  });
});

describe('forget', () => {
  it('erases a person by ID number from all instances and tenants of the application', async () => {
    const upstream = new FakeUpstream();
    const tenants = () => ({ credentials: { appCode: 'of-tenant' } });
    const instance = (name?: string) =>
      IdentityVerifyTestingModule.forRoot({ upstream, ...(name !== undefined && { name }), options: { tenants } });
    const app = await Test.createTestingModule({ imports: [instance(), instance('lending')] }).compile();
    const first = app.get(IdentityVerifyService);
    const second = app.get<IdentityVerifyService>(getIdentityVerifyToken('lending'), { strict: false });
    const askAll = async () => {
      for (const service of [first, second])
        for (const tenant of [undefined, 't']) await service.verify(person, { tenant });
    };
    await askAll();
    await askAll();
    upstream.expectCalls(4);
    expect(await second.forget({ idCard: person.idCard })).toBeGreaterThanOrEqual(4);
    await askAll();
    upstream.expectCalls(8);
  });

  it('erases from every instance that it can, and only then throws', async () => {
    const upstream = new FakeUpstream();
    const ledger = (fails: boolean) => {
      const memory = new MemoryLedger();
      return fails ? Object.assign(memory, { forget: () => Promise.reject(new Error('down')) }) : memory;
    };
    const instance = (name: string, fails: boolean) =>
      IdentityVerifyTestingModule.forRoot({ upstream, name, options: { ledger: ledger(fails) as Ledger } });
    const app = await Test.createTestingModule({ imports: [instance('a', true), instance('b', false)] }).compile();
    const serviceOf = (name: string) => app.get<IdentityVerifyService>(getIdentityVerifyToken(name), { strict: false });
    for (const name of ['a', 'b']) await serviceOf(name).verify(person);
    expect(await codeOf(serviceOf('a').forget({ idCard: person.idCard }))).toBe('IDV_LEDGER_UNAVAILABLE');
    expect((await serviceOf('a').verify(person)).source).toBe('ledger');
    expect((await serviceOf('b').verify(person)).source).toBe('upstream');
  });
});

describe('tenants', () => {
  const accounts: Record<string, TenantAccount> = {
    a: { credentials: { appCode: 'of-a' }, budget: { callsPerDay: 1 } },
    b: { credentials: { appKey: 'key-of-b', appSecret: 'secret-of-b' } },
    broken: { credentials: { appCode: 'line\r\nbreak' } },
  };

  it('use their own account, budget and answers', async () => {
    const { service, upstream } = await open({ tenants: (tenant) => accounts[tenant] });
    expect((await service.verify(person, { tenant: 'a' })).source).toBe('upstream');
    expect((await service.verify(person, { tenant: 'b' })).source).toBe('upstream');
    expect((await service.verify(person)).source).toBe('upstream');
    expect((await service.verify(person, { tenant: 'a' })).source).toBe('ledger');
    expect(await codeOf(service.verify(otherPerson, { tenant: 'a' }))).toBe('IDV_BUDGET_EXHAUSTED');
    expect((await service.spent({ tenant: 'a' })).today).toMatchObject({ calls: 1, callsLeft: 0 });
    expect((await service.spent()).today.calls).toBe(1);
    expect(await service.forget(person, { tenant: 'a' })).toBeGreaterThan(0);
    expect((await service.verify(person, { tenant: 'b' })).source).toBe('ledger');
    upstream.expectCalls(3);
  });

  it.each(['nobody', 'broken', 'throws', '', 'line\nbreak'])(
    'refuses the tenant %j before a call, without the reason',
    async (tenant) => {
      const { service, upstream } = await open({
        tenants: (name) => {
          if (name === 'throws') throw new Error('vault password');
          return accounts[name];
        },
      });
      await expect(service.verify(person, { tenant })).rejects.toMatchObject({
        code: 'IDV_TENANT_UNRESOLVED',
        httpStatus: 503,
        message: expect.not.stringMatching(/vault|line/),
      });
      upstream.expectCalls(0);
    },
  );

  it('pay nothing with an invalid budget', async () => {
    const { service, upstream } = await open({
      tenants: () => ({ credentials: { appCode: 'of-a' }, budget: { callsPerDay: NaN } }),
    });
    const error = await service.verify(person, { tenant: 'a' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'IDV_TENANT_UNRESOLVED', billed: 'no' });
    expect((error as Error).message).toContain('budget.callsPerDay must be a whole number');
    upstream.expectCalls(0);
  });

  it('keep the budget with which they were resolved, even if the application changes the object', async () => {
    const account = { credentials: { appCode: 'of-a' }, budget: { callsPerDay: 1 } };
    const { service, upstream } = await open({ tenants: () => account });
    await service.verify(person, { tenant: 'a' });
    account.budget.callsPerDay = NaN;
    expect(await codeOf(service.verify(otherPerson, { tenant: 'a' }))).toBe('IDV_BUDGET_EXHAUSTED');
    upstream.expectCalls(1);
  });

  it.each(['', 'line\nbreak', null])('named %j are refused by forget and spent as well', async (tenant) => {
    const { service } = await open({ tenants: (name) => accounts[name] });
    const whose = { tenant: tenant as string };
    expect(await codeOf(service.forget(person, whose))).toBe('IDV_TENANT_UNRESOLVED');
    expect(await codeOf(service.spent(whose))).toBe('IDV_TENANT_UNRESOLVED');
  });

  it('of one instance share nothing with an instance named after both', async () => {
    const ledger = new MemoryLedger({ clock: new ManualClock() });
    const [upstream, options] = [new FakeUpstream(), { ledger, tenants: () => accounts['b'] }];
    const app = await Test.createTestingModule({
      imports: ['a', 'a/b'].map((name) => IdentityVerifyTestingModule.forRoot({ upstream, name, options })),
    }).compile();
    const [a, ab] = ['a', 'a/b'].map((name) =>
      app.get<IdentityVerifyService>(getIdentityVerifyToken(name), { strict: false }),
    );
    await a!.verify(person, { tenant: 'b' });
    expect((await ab!.verify(person)).source).toBe('upstream');
    expect((await ab!.spent()).today.calls).toBe(1);
    expect(await a!.forget(person, { tenant: 'b' })).toBeGreaterThan(0);
    expect((await ab!.verify(person)).source).toBe('ledger');
    await app.close();
  });

  it('are resolved within the deadline of the question', async () => {
    const { service, upstream, clock } = await open({ tenants: () => new Promise(() => undefined), deadlineMs: 500 });
    const code = codeOf(service.verify(person, { tenant: 'a' }));
    await clock.advance(500);
    expect(await code).toBe('IDV_TENANT_UNRESOLVED');
    upstream.expectCalls(0);
  });

  it('are refused without a resolver', async () => {
    const { service } = await open();
    expect(await codeOf(service.verify(person, { tenant: 'a' }))).toBe('IDV_TENANT_UNRESOLVED');
  });

  it('are cached for ttlMs, up to max', async () => {
    const asked: string[] = [];
    const { service, clock } = await open({
      tenants: async (tenant) => {
        asked.push(tenant);
        return { credentials: { appCode: tenant } };
      },
      tenantCache: { max: 2, ttlMs: 1_000 },
    });
    const verify = (tenant: string) => service.verify(person, { tenant });
    await Promise.all([verify('a'), verify('a')]);
    await verify('b');
    expect(asked).toEqual(['a', 'b']);
    await verify('c');
    await verify('a');
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
    await clock.advance(1_000);
    await verify('a');
    expect(asked).toHaveLength(5);
  });
});

describe('audit and events', () => {
  it('get one entry per question, with cost and reference but without personal data', async () => {
    const audit: AuditEntry[] = [];
    const { service, upstream, clock } = await open({
      audit: (entry) => void audit.push(entry),
      budget: { fenPerCall: 35 },
    });
    upstream.verifyReturns('match', '10015');
    const how = { purpose: 'loan', consentRef: 'consent-7' };
    await Promise.all([service.verify(person, how), service.verify(person)]);
    await service.verify(person);
    await codeOf(service.verify(otherPerson));
    await codeOf(service.verify(otherPerson));
    await codeOf(service.verify({ ...person, mobile: '1' }));
    expect(
      audit.map((entry) =>
        entry.type === 'answered'
          ? [entry.outcome, entry.source, entry.billed, entry.fen]
          : [entry.errorCode, entry.billed, entry.fen],
      ),
    ).toEqual([
      ['match', 'upstream', 'yes', 35],
      ['match', 'joined', 'no', 0],
      ['match', 'ledger', 'no', 0],
      ['IDV_UPSTREAM_FAILURE', 'unknown', 35],
      ['IDV_IN_DOUBT', 'no', 0],
      ['IDV_INPUT_INVALID', 'no', 0],
    ]);
    expect(audit[0]).toMatchObject({
      instance: 'default',
      ...how,
      seqNo: 'FAKE00000000000001',
      requestId: expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/),
      code: '10000',
    });
    expect(audit[0]!.at.getTime()).toBeLessThanOrEqual(clock.now());
    expect(audit[3]).toMatchObject({ upstreamCode: '10015', category: 'upstream_failure' });
    for (const value of Object.values(person)) expect(JSON.stringify(audit)).not.toContain(value);
  });

  it('report the circuit and latches', async () => {
    const events: IdentityVerifyEvent[] = [];
    const { service, upstream, clock } = await open({
      onEvent: (event) => void events.push(event),
      breaker: { failures: 1, openMs: 10 },
      latches: { quotaMs: 10 },
    });
    upstream.verifyReturns('unreachable', 'match', '10009');
    await codeOf(service.verify(person));
    expect(service.circuit).toBe('open');
    await clock.advance(10);
    await service.verify(person);
    await codeOf(service.verify(otherPerson));
    expect(events.filter(({ type }) => type === 'circuit' || type === 'latch')).toEqual([
      { type: 'circuit', instance: 'default', state: 'open' },
      { type: 'circuit', instance: 'default', state: 'closed' },
      { type: 'latch', instance: 'default', name: 'quota', state: 'closed', upstreamCode: '10009' },
    ]);
  });

  it.each([
    ['audit', () => Promise.reject(new Error('disk full of secrets'))],
    ['onEvent', () => Promise.reject(new Error('disk full of secrets'))],
    [
      'audit',
      () => {
        throw new Error('disk full of secrets');
      },
    ],
    [
      'onEvent',
      () => {
        throw new Error('disk full of secrets');
      },
    ],
  ] as const)('do not fail a verification when %s fails, and log the failure', async (sink, fails) => {
    const warned: unknown[] = [];
    const { service } = await open({ [sink]: fails });
    const warn = (...entry: unknown[]) => void warned.push(...entry);
    Logger.overrideLogger({ log() {}, error() {}, warn }); // after the testing module has set its own logger
    try {
      expect((await service.verify(person)).outcome).toBe('match');
      await new Promise((resolve) => setImmediate(resolve));
      expect(warned.join()).toContain(`\`${sink}\` failed`);
      expect(warned.join()).not.toContain('secrets');
    } finally {
      Logger.overrideLogger(false);
    }
  });
});

describe('a shared store that fails', () => {
  const down = () => Promise.reject(new Error('redis://:secret@host'));

  async function failing(fails: () => Promise<never>) {
    const clock = new ManualClock();
    const events: IdentityVerifyEvent[] = [];
    const memory = new MemoryLedger({ clock });
    const working: SharedLedger = {
      shared: true,
      claim: async (request): Promise<ClaimAnswer> => memory.claim(request),
      settle: async (settlement) => memory.settle(settlement),
      release: async (grant) => memory.release(grant),
      forget: async (request) => memory.forget(request),
      spent: async (scope) => memory.spent(scope),
      latch: async (scope) => memory.latch(scope),
      reopen: async (scope) => memory.reopen(scope),
      scopes: async () => memory.scopes(),
    };
    const store = { ...working, claim: fails, spent: fails };
    const pepper = 'a pepper that is long enough for this';
    const onEvent = (event: IdentityVerifyEvent) => void (event.type === 'store' && events.push(event));
    const opened = await open({ clock, ledger: store as SharedLedger, pepper, onEvent });
    return { ...opened, clock, events, recover: () => Object.assign(store, working) };
  }

  it.each([
    ['rejects', down],
    ['never answers', () => new Promise<never>(() => undefined)],
  ])('is reported once by event and health when it %s, and again when it is back', async (_what, fails) => {
    const { service, clock, events, upstream, recover } = await failing(fails);
    expect(events).toEqual([]);
    for (let n = 0; n < 5; n++) {
      const refused = codeOf(service.verify(person));
      await clock.advance(50);
      expect(await refused).toBe('IDV_LEDGER_UNAVAILABLE');
    }
    expect(events).toEqual([{ type: 'store', instance: 'default', state: 'unavailable', onStoreFailure: 'refuse' }]);
    const told = service.health();
    await clock.advance(50);
    expect(await told).toMatchObject({ up: false, store: 'unavailable', refusing: 'ledger_unavailable' });
    recover();
    await clock.advance(1_000);
    expect(await service.health()).toMatchObject({ up: true, store: 'available' });
    expect(await service.verify(person)).toMatchObject({ source: 'upstream' });
    expect(events.at(-1)).toEqual({ type: 'store', instance: 'default', state: 'available', onStoreFailure: 'refuse' });
    expect(events).toHaveLength(2);
    upstream.expectCalls(1);
  });

  it('is up and refusing while it reads and does not write', async () => {
    const { service, recover } = await failing(down);
    const { claim } = recover();
    await service.verify(person);
    const store = recover();
    store.claim = (async (request: ClaimRequest) => {
      const answer = await claim(request);
      return answer.verdict === 'hit' ? answer : down();
    }) as typeof down;
    for (let n = 0; n < 9; n++) {
      expect(await codeOf(service.verify(otherPerson))).toBe('IDV_LEDGER_UNAVAILABLE');
      expect(await service.verify(person)).toMatchObject({ source: 'ledger' });
    }
    expect(await service.health()).toMatchObject({ up: true, store: 'unavailable', refusing: 'ledger_unavailable' });
  });
});

describe("a shared store that fails, with onStoreFailure: 'local'", () => {
  async function opened(budget?: { callsPerDay: number }) {
    const clock = new ManualClock();
    const memory = new MemoryLedger({ clock });
    let isDown = false;
    const through =
      <A extends unknown[], T>(run: (...given: A) => T) =>
      async (...given: A): Promise<T> => {
        if (isDown) throw new Error('redis://:secret@host');
        return run(...given);
      };
    const ledger: SharedLedger = {
      kind: 'redis',
      shared: true,
      claim: through((request: ClaimRequest) => memory.claim(request)),
      settle: through((settlement: Settlement) => memory.settle(settlement)),
      release: through((grant: Grant) => memory.release(grant)),
      forget: through((request: ForgetRequest) => memory.forget(request)),
      spent: through((scope: string) => memory.spent(scope)),
      latch: through((scope: string) => memory.latch(scope)),
      reopen: through((scope: string) => memory.reopen(scope)),
      scopes: through(() => memory.scopes()),
    };
    const events: IdentityVerifyEvent[] = [];
    const client = await open({
      clock,
      ledger,
      pepper: 'a pepper that is long enough for this',
      onStoreFailure: 'local',
      instances: 2,
      ...(budget && { budget }),
      onEvent: (event) => void (event.type === 'store' && events.push(event)),
    });
    const lose = async () => {
      isDown = true;
      for (let n = 0; n < 3; n++) await client.service.spent().catch(() => undefined);
    };
    return { ...client, clock, memory, events, lose, recover: () => (isDown = false) };
  }

  it('answers, pays for its share, says so in health and events, and writes it to the store afterwards', async () => {
    const { service, clock, memory, events, lose, recover, upstream } = await opened({ callsPerDay: 4 });
    const [one, two, three] = TEST_POPULATION;
    await service.verify(one!);
    expect(await service.health()).toMatchObject({ up: true, ledger: { kind: 'redis', state: 'available' } });
    await lose();
    expect(await service.verify(one!)).toMatchObject({ source: 'ledger', billed: 'no' });
    expect(await service.verify(two!)).toMatchObject({ source: 'upstream' });
    expect(await service.spent()).toMatchObject({ today: { calls: 2, callsLeft: 2 } });
    expect(await service.health()).toMatchObject({
      up: true,
      degraded: true,
      store: 'unavailable',
      ledger: { kind: 'redis', state: 'local' },
      spent: { callsToday: 2 },
      refusing: 'budget_exhausted', // the share: ⌊3 ÷ 2⌋
    });
    expect(await codeOf(service.verify(three!))).toBe('IDV_LEDGER_UNAVAILABLE');
    expect(await codeOf(service.forget(two!))).toBe('IDV_LEDGER_UNAVAILABLE');
    recover();
    await clock.advance(3_000);
    const healthy = await service.health();
    expect(healthy).toMatchObject({
      up: true,
      ledger: { kind: 'redis', state: 'available' },
      spent: { callsToday: 2 },
    });
    expect(healthy).not.toHaveProperty('degraded');
    expect(memory.spent('default')).toMatchObject({ callsToday: 2 });
    expect(events).toEqual(
      ['unavailable', 'available'].map((state) => ({
        type: 'store',
        instance: 'default',
        state,
        onStoreFailure: 'local',
      })),
    );
    upstream.expectCalls(2);
    // It was erased during the outage: only the call had been kept.
    expect(await service.verify(two!)).toMatchObject({ source: 'upstream' });
  });

  it('is up without a word of the store about what is spent, and says what it refuses', async () => {
    const limited = await opened({ callsPerDay: 4 });
    await limited.lose();
    expect(await limited.service.health()).toMatchObject({ up: true, degraded: true, refusing: 'ledger_unavailable' });
    const free = await opened();
    await free.lose();
    expect(await free.service.health()).not.toHaveProperty('refusing');
    expect(await free.service.verify(person)).toMatchObject({ source: 'upstream' });
  });

  it('knows the budget from the start, before any question', async () => {
    const { service, clock, lose } = await opened({ callsPerDay: 4 });
    service.onModuleInit();
    await clock.advance(0);
    await lose();
    expect(await service.verify(person)).toMatchObject({ source: 'upstream' });
  });

  it('writes what it can when it shuts down', async () => {
    const { service, memory, lose, recover } = await opened();
    await lose();
    await service.verify(person);
    recover();
    await service.onApplicationShutdown();
    expect(memory.spent('default')).toMatchObject({ callsToday: 1 });
  });
});

describe('health', () => {
  it('is up while circuit, latch or budget refuses calls, and names the reason', async () => {
    const { service, upstream, clock } = await open({
      breaker: { failures: 1, openMs: 10 },
      latches: { quotaMs: 10 },
      budget: { callsPerDay: 2 },
    });
    expect(await service.health()).toEqual({
      up: true,
      ledger: { kind: 'memory', state: 'available' },
      circuit: 'closed',
      budget: { callsPerDay: 2 },
      spent: { callsToday: 0, callsThisMonth: 0 },
    });
    upstream.verifyReturns('unreachable', '10010', 'match');
    await codeOf(service.verify(person));
    expect(await service.health()).toMatchObject({ up: true, circuit: 'open', refusing: 'circuit_open' });
    await clock.advance(10);
    expect(await service.health()).not.toHaveProperty('refusing');
    await codeOf(service.verify(person));
    const until = clock.now() + 10;
    expect(await service.health()).toMatchObject({
      up: true,
      circuit: 'closed',
      latch: { name: 'quota', until, probing: false },
      refusing: 'latched',
    });
    await clock.advance(10);
    const probing = await service.health();
    expect(probing).toMatchObject({ up: true, latch: { name: 'quota', until, probing: true } });
    expect(probing).not.toHaveProperty('refusing');
    await service.verify(person);
    const healed = await service.health();
    expect(healed).toMatchObject({ up: true, lastAnswerAt: new Date(clock.now()) });
    expect(healed).not.toHaveProperty('latch');
    await service.verify(otherPerson);
    expect(await service.health()).toMatchObject({
      up: true,
      refusing: 'budget_exhausted',
      spent: { callsToday: 2 },
    });
    upstream.expectCalls(4);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('redis://:secret@host'))],
    ['throws', () => { throw new Error('redis://:secret@host'); }], // prettier-ignore
    ['never answers', () => new Promise<never>(() => undefined)],
  ])('is down, and does not reject, when the ledger %s', async (_what, down) => {
    const ledger = {
      claim: down,
      settle: down,
      release: down,
      forget: down,
      spent: down,
      latch: down,
      reopen: down,
      scopes: down,
    };
    const { service, clock } = await open({ ledger, budget: { callsPerDay: 2 } });
    const told = service.health();
    await clock.advance(50);
    expect(await told).toEqual({
      up: false,
      refusing: 'ledger_unavailable',
      ledger: { kind: 'custom', state: 'unavailable' },
      circuit: 'closed',
      budget: { callsPerDay: 2 },
    });
  });
});
