import { TEST_POPULATION } from '@identity-verify/contract';
import {
  IdentityVerifyService,
  MemoryLedger,
  type AuditEntry,
  type BudgetEvent,
  type ClaimAnswer,
  type ClaimRequest,
  type IdentityVerifyEvent,
  type IdentityVerifyOptions,
  type LatchEvent,
} from '@identity-verify/nestjs';
import { FakeUpstream, IdentityVerifyTestingModule, ManualClock } from '@identity-verify/nestjs/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';

const [person] = TEST_POPULATION;
const SURNAMES = '甲乙丙丁戊己庚辛壬癸';
/** A different person each time. */
const someone = (n: number) => ({ ...person, name: `测试${SURNAMES[n % 10]}${SURNAMES[Math.floor(n / 10)]}` });
const tenants = () => ({ credentials: { appCode: 'of-a-tenant' } });

async function open(options: Partial<IdentityVerifyOptions> = {}) {
  const upstream = new FakeUpstream();
  const clock = new ManualClock();
  const events: IdentityVerifyEvent[] = [];
  const warned: string[] = [];
  const app = await Test.createTestingModule({
    imports: [
      IdentityVerifyTestingModule.forRoot({
        upstream,
        options: { clock, onEvent: (event) => void events.push(event), subjectLimit: false, tenants, ...options },
      }),
    ],
  }).compile();
  Logger.overrideLogger({ log() {}, error() {}, warn: (message: string) => void warned.push(message) });
  const service = app.get(IdentityVerifyService);
  let asked = 0;
  return {
    upstream,
    clock,
    app,
    service,
    warned,
    /** Verifies a new person; undefined when it fails. */
    ask: (how?: { tenant: string }) => service.verify(someone(asked++), how).catch(() => undefined),
    latches: () => events.filter((event): event is LatchEvent => event.type === 'latch'),
    budgets: () => events.filter((event): event is BudgetEvent => event.type === 'budget'),
  };
}

afterEach(() => Logger.overrideLogger(false));

describe('a latch', () => {
  it('is reported once when it closes, with the code and the remedy, for any number of refused calls', async () => {
    const { upstream, ask, latches, warned } = await open({ latches: { quotaMs: 10 } });
    upstream.verifyReturns('10009');
    await Promise.all([ask(), ask(), ask()]);
    await ask();
    upstream.expectCalls(3);
    expect(latches()).toEqual([
      { type: 'latch', instance: 'default', name: 'quota', state: 'closed', upstreamCode: '10009' },
    ]);
    expect(warned.filter((line) => line.includes('latch'))).toEqual([
      expect.stringMatching(/`quota` closed after upstream code 10009: .*Recharge the account\..*`reopen\(\)`/),
    ]);
  });

  it('is not reported again when its probe is refused, and is reported as reopened when a probe is answered', async () => {
    const { upstream, ask, latches, warned, clock } = await open({ latches: { quotaMs: 10 } });
    upstream.verifyReturns('10009', '10009', 'match');
    for (let round = 0; round < 4; round++) {
      await ask();
      await clock.advance(10);
    }
    upstream.expectCalls(4);
    expect(latches().map(({ state }) => state)).toEqual(['closed', 'reopened']);
    expect(latches()[1]).toEqual({ type: 'latch', instance: 'default', name: 'quota', state: 'reopened' });
    expect(warned.filter((line) => line.includes('`quota` reopened'))).toHaveLength(1);
  });

  it('is reported again when it closes again', async () => {
    const { upstream, ask, latches, clock } = await open({ latches: { quotaMs: 10, accessMs: 10 } });
    upstream.verifyReturns('10009', 'match', '10009');
    for (let round = 0; round < 3; round++) {
      await ask();
      await clock.advance(10);
    }
    expect(latches().map(({ state }) => state)).toEqual(['closed', 'reopened', 'closed']);
  });

  it('is separate per tenant; the event names the tenant, the log does not', async () => {
    const { upstream, ask, latches, warned } = await open();
    upstream.verifyReturns('10009');
    await Promise.all([ask({ tenant: 'north' }), ask({ tenant: 'south' }), ask({ tenant: 'south' }), ask()]);
    expect(
      latches()
        .map(({ tenant = 'nobody' }) => tenant)
        .toSorted(),
    ).toEqual(['nobody', 'north', 'south']);
    expect(warned.join('\n')).toContain('`quota` of a tenant closed');
    expect(warned.join('\n')).not.toMatch(/north|south/);
  });

  it('is reported as reopened when another process reopened it', async () => {
    const clock = new ManualClock();
    const ledger = new MemoryLedger({ clock });
    const { upstream, ask, latches } = await open({ ledger, clock });
    upstream.verifyReturns('10009', 'match');
    await ask();
    ledger.reopen('default');
    await ask();
    expect(latches().map(({ state }) => state)).toEqual(['closed', 'reopened']);
  });
});

describe('reopen', () => {
  it('lets the next call through at once, and makes no call itself', async () => {
    const { upstream, ask, service, latches, warned } = await open();
    upstream.verifyReturns('10009', 'match');
    await ask();
    expect(await ask()).toBeUndefined();
    expect(await service.reopen()).toBe(true);
    upstream.expectCalls(1);
    expect((await ask())?.outcome).toBe('match');
    expect((await service.health()).latch).toBeUndefined();
    expect(latches().map(({ state }) => state)).toEqual(['closed', 'reopened']);
    expect(warned.filter((line) => line.includes('reopened'))).toHaveLength(1);
  });

  it('returns false and reports nothing when no latch was closed', async () => {
    const { service, latches, warned } = await open();
    expect(await service.reopen()).toBe(false);
    expect([latches(), warned]).toEqual([[], []]);
  });

  it('reopens the latch of one tenant and no other', async () => {
    const { upstream, ask, service, latches } = await open();
    upstream.verifyReturns('10009', '10009', 'match');
    await ask({ tenant: 'north' });
    await ask({ tenant: 'south' });
    expect(await service.reopen()).toBe(false);
    expect(await service.reopen({ tenant: 'north' })).toBe(true);
    expect(await ask({ tenant: 'south' })).toBeUndefined();
    expect((await ask({ tenant: 'north' }))?.outcome).toBe('match');
    expect(latches().at(-1)).toEqual({
      type: 'latch',
      instance: 'default',
      tenant: 'north',
      name: 'quota',
      state: 'reopened',
    });
  });

  it('reports a latch that was closed before this process started', async () => {
    const clock = new ManualClock();
    const ledger = new MemoryLedger({ clock });
    const first = await open({ ledger, clock });
    first.upstream.verifyReturns('10009');
    await first.ask();
    const second = await open({ ledger, clock });
    expect(await second.service.reopen()).toBe(true);
    expect(second.latches()).toEqual([{ type: 'latch', instance: 'default', name: 'quota', state: 'reopened' }]);
  });

  it.each(['', 'line\nbreak', null])('refuses %j, which names no tenant', async (tenant) => {
    const { service } = await open();
    await expect(service.reopen({ tenant: tenant as string })).rejects.toMatchObject({ code: 'IDV_TENANT_UNRESOLVED' });
  });
});

describe('closeCircuit', () => {
  it('lets the next call through at once, and returns whether the circuit was not closed', async () => {
    const { upstream, ask, service } = await open({ breaker: { failures: 1 } });
    upstream.verifyReturns('10015', 'match');
    await ask();
    expect(service.circuit).toBe('open');
    expect(service.closeCircuit()).toBe(true);
    expect(service.closeCircuit()).toBe(false);
    expect((await ask())?.outcome).toBe('match');
  });
});

describe('a budget', () => {
  const shortly = (events: BudgetEvent[]) =>
    events.map(({ period, percent, calls, limit, tenant }) => [period, percent, calls, limit, tenant]);

  it('is reported once at 80 % and once at 100 %, for the day and for the month', async () => {
    const { ask, budgets, warned, upstream } = await open({ budget: { callsPerDay: 5, callsPerMonth: 10 } });
    for (let n = 0; n < 8; n++) await ask();
    upstream.expectCalls(5);
    expect(budgets()).toEqual([
      { type: 'budget', instance: 'default', period: 'day', percent: 80, calls: 4, limit: 5 },
      { type: 'budget', instance: 'default', period: 'day', percent: 100, calls: 5, limit: 5 },
    ]);
    expect(warned).toContain('80 % of the budget of this day is used up: 4 of 5 calls.');
    expect(warned.filter((line) => line.includes('budget'))).toHaveLength(2);
  });

  it('restarts with each period in Asia/Shanghai', async () => {
    const { ask, budgets, clock } = await open({ budget: { callsPerDay: 2, callsPerMonth: 5 } });
    for (let day = 0; day < 3; day++) {
      await ask();
      await ask();
      await clock.advance(86_400_000);
    }
    expect(shortly(budgets())).toEqual([
      ['day', 80, 2, 2, undefined],
      ['day', 100, 2, 2, undefined],
      ['day', 80, 2, 2, undefined],
      ['day', 100, 2, 2, undefined],
      ['month', 80, 4, 5, undefined],
      ['month', 100, 5, 5, undefined],
    ]);
  });

  it('is not reported twice when a call is refunded or the clock is set back', async () => {
    const { ask, budgets, clock, upstream } = await open({ budget: { callsPerDay: 5 } });
    upstream.verifyReturns('match', 'match', 'match', 'unreachable', 'unreachable', 'match');
    for (let n = 0; n < 6; n++) await ask();
    clock.jump(-86_400_000);
    await ask();
    expect(shortly(budgets())).toEqual([
      ['day', 80, 4, 5, undefined],
      ['day', 100, 5, 5, undefined],
    ]);
  });

  it('is reported per tenant, and again when it is raised', async () => {
    let callsPerDay = 1;
    const { ask, budgets } = await open({
      tenants: () => ({ ...tenants(), budget: { callsPerDay } }),
      tenantCache: { ttlMs: 0 },
      budget: { callsPerDay: 100 },
    });
    for (const tenant of ['north', 'north', 'south']) await ask({ tenant });
    callsPerDay = 2;
    await ask({ tenant: 'north' });
    expect(shortly(budgets())).toEqual([
      ['day', 80, 1, 1, 'north'],
      ['day', 100, 1, 1, 'north'],
      ['day', 80, 1, 1, 'south'],
      ['day', 100, 1, 1, 'south'],
      ['day', 80, 2, 2, 'north'],
      ['day', 100, 2, 2, 'north'],
    ]);
  });

  it('is reported at its first refusal when the ledger does not return `spent`', async () => {
    class TightLipped extends MemoryLedger {
      override claim(request: ClaimRequest): ClaimAnswer {
        const answer = super.claim(request);
        return answer.verdict === 'granted' ? { verdict: 'granted', probe: answer.probe } : answer;
      }
    }
    const clock = new ManualClock();
    const { ask, budgets } = await open({ clock, ledger: new TightLipped({ clock }), budget: { callsPerDay: 2 } });
    for (let n = 0; n < 4; n++) await ask();
    expect(shortly(budgets())).toEqual([
      ['day', 80, undefined, 2, undefined],
      ['day', 100, undefined, 2, undefined],
    ]);
  });

  it.each([{}, { callsToday: NaN, callsThisMonth: '9' }, null])(
    'is not reported when `spent` of the ledger is invalid: %j',
    async (spent) => {
      class Muddled extends MemoryLedger {
        override claim(request: ClaimRequest): ClaimAnswer {
          return { ...super.claim(request), spent } as ClaimAnswer;
        }
      }
      const clock = new ManualClock();
      const budget = { callsPerDay: 5, callsPerMonth: 5 };
      const { ask, budgets } = await open({ clock, ledger: new Muddled({ clock }), budget });
      expect((await ask())?.outcome).toBe('match');
      expect(budgets()).toEqual([]);
    },
  );

  it('is never reported without a limit', async () => {
    const { ask, budgets } = await open();
    for (let n = 0; n < 5; n++) await ask();
    expect(budgets()).toEqual([]);
  });
});

describe('a shutdown', () => {
  it('waits for pending audit entries, but no longer than drainMs', async () => {
    const written: (() => void)[] = [];
    const { ask, app, clock } = await open({
      drainMs: 1_000,
      audit: () => new Promise((resolve) => written.push(() => resolve())),
    });
    await ask();
    await ask();
    let closed = false;
    const closing = app.close().then(() => (closed = true));
    written[0]!();
    await clock.advance(999);
    expect(closed).toBe(false);
    await clock.advance(1);
    await closing;
  });

  it('shares drainMs between the pending calls and their audit entries', async () => {
    let written = 0;
    const { service, app, clock, upstream } = await open({
      drainMs: 1_000,
      audit: () => void written++,
    });
    let answer: () => void = () => undefined;
    const send = upstream.send.bind(upstream);
    upstream.send = (request) => new Promise((resolve) => (answer = () => resolve(send(request))));
    const verification = service.verify(person);
    await clock.advance(0);
    const closing = app.close();
    await clock.advance(600);
    answer();
    await closing;
    expect(written).toBe(1);
    expect((await verification).outcome).toBe('match');
    expect(clock.pending).toBe(0);
  });

  it('still delivers entries reported after it', async () => {
    const entries: AuditEntry[] = [];
    const { ask, app } = await open({ audit: (entry) => void entries.push(entry) });
    await app.close();
    await ask();
    expect(entries).toMatchObject([{ type: 'failed', errorCode: 'IDV_SHUTTING_DOWN' }]);
  });
});

describe('an entry', () => {
  it('does not change after its delivery, even when the call continues after its caller aborts', async () => {
    const entries: AuditEntry[] = [];
    const { service, upstream, clock } = await open({
      audit: (entry) => {
        Object.freeze(entry.phases);
        entries.push(entry);
      },
    });
    let answer: () => void = () => undefined;
    const send = upstream.send.bind(upstream);
    upstream.send = (request) => new Promise((resolve) => (answer = () => resolve(send(request))));
    const caller = new AbortController();
    const gone = service.verify(person, { signal: caller.signal }).catch((error: { code: string }) => error.code);
    await clock.advance(0);
    caller.abort();
    expect(await gone).toBe('IDV_ABORTED');
    const before = { ...entries[0]!.phases };
    answer();
    await clock.advance(0);
    expect(entries[0]!.phases).toEqual(before);
    expect((await service.verify(person)).source).toBe('ledger');
  });

  it('has every attempt of its call: when it began, how far it got, what it cost', async () => {
    const entries: AuditEntry[] = [];
    const { service, upstream, clock } = await open({
      audit: (entry) => void entries.push(entry),
      retry: { max: 1, baseMs: 1 },
    });
    upstream.verifyReturns('10017', 'match');
    const asked = service.verify(person);
    for (let turn = 0; turn < 20; turn++) await clock.advance(1);
    await asked;
    await service.verify(person); // from the ledger
    const attempts = entries[0]?.attempts ?? [];
    expect(attempts).toMatchObject([
      { reached: 'reply', upstreamCode: '10017', errorCode: 'IDV_BUSY', billed: 'no' },
      { reached: 'reply', upstreamCode: '10000', billed: 'yes' },
    ]);
    expect(attempts[1]?.startMs).toBeGreaterThanOrEqual(attempts[0]!.startMs + attempts[0]!.durationMs);
    expect(attempts[1]).not.toHaveProperty('errorCode');
    expect(entries[1]).not.toHaveProperty('attempts');
  });

  it.each([[{ idCard: person.idCard }], ['line\nbreak'], [person.idCard.repeat(10)]])(
    'has no tenant when the name is invalid: %j',
    async (tenant) => {
      const entries: AuditEntry[] = [];
      const { service } = await open({ audit: (entry) => void entries.push(entry) });
      await service.verify(person, { tenant: tenant as string }).catch(() => undefined);
      expect(entries).toMatchObject([{ type: 'failed', errorCode: 'IDV_TENANT_UNRESOLVED' }]);
      expect(entries[0]).not.toHaveProperty('tenant');
    },
  );
});

describe('a logger that throws', () => {
  it('does not fail a verification', async () => {
    const { ask, upstream } = await open({
      audit: () => Promise.reject(new Error('full')),
      breaker: { failures: 1 },
      budget: { callsPerDay: 1 },
    });
    Logger.overrideLogger({
      log() {},
      error() {},
      warn() {
        throw new Error('disk full');
      },
    });
    expect((await ask())?.outcome).toBe('match');
    upstream.expectCalls(1);
  });
});
