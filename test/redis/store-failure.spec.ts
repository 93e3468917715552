import type {
  IdentityVerifyError,
  IdentityVerifyEvent,
  IdentityVerifyOptions,
  IdentityVerifyService,
} from '@identity-verify/nestjs';
import { FakeUpstream } from '@identity-verify/nestjs/testing';
import { RedisLedger } from '@identity-verify/redis';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { openClient } from '../support/client.js';
import { people } from './people.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

const closing: (() => unknown)[] = [];

beforeEach(() => {
  closing.length = 0;
});
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
});

async function start() {
  const server = await startRedis();
  closing.push(() => server.close());
  return { server, ...(await serviceOn(server)) };
}

async function serviceOn(server: RedisServer, options: Partial<IdentityVerifyOptions> = {}) {
  const upstream = new FakeUpstream();
  const states: string[] = [];
  const ledger = new RedisLedger({ url: server.url, timeoutMs: 2_000 });
  closing.push(() => ledger.close());
  const { service, close } = await openClient({
    credentials: { appCode: 'a' },
    baseUrl: 'http://127.0.0.1',
    transport: upstream,
    ledger,
    ledgerTimeoutMs: 1_000, // a busy machine is not a store in trouble
    onEvent: (event: IdentityVerifyEvent) => void (event.type === 'store' && states.push(event.state)),
    ...options,
  });
  closing.push(close);
  return { upstream, service, states };
}

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as IdentityVerifyError,
  );

/** Asks until a question is answered, which the time limit of the test bounds. Returns the number of refusals. */
async function untilAnswered(service: IdentityVerifyService, person: ReturnType<typeof people>[number]) {
  for (let refusals = 0; ; refusals++) {
    const error = await refusal(service.verify(person));
    if (!error) return refusals;
    expect(error).toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE', billed: 'no' });
    await pause(error.retryAfterMs ?? 20);
  }
}

describeRedis('a question, when Redis', () => {
  it('hangs: is refused at once after three timeouts, is never sent, and is answered when Redis is back', async () => {
    const { server, upstream, service, states } = await start();
    const [known, ...others] = people(40);
    await service.verify(known!);
    server.freeze();
    const first = await Promise.all(others.slice(0, 3).map((person) => refusal(service.verify(person))));
    expect(first.map((error) => error?.code)).toEqual(Array.from({ length: 3 }, () => 'IDV_LEDGER_UNAVAILABLE'));
    expect(states).toEqual(['unavailable']);
    const refused = await Promise.all(others.slice(3).map((person) => refusal(service.verify(person))));
    expect(new Set(refused.map((error) => error?.code))).toEqual(new Set(['IDV_LEDGER_UNAVAILABLE']));
    // At most one of them was sent to Redis; the others were refused by this process.
    expect(refused.filter((error) => error?.message.includes('no answer within')).length).toBeLessThanOrEqual(1);
    expect(refused.every((error) => error?.billed === 'no' && (error.retryAfterMs ?? 0) > 0)).toBe(true);
    expect(upstream.cost.calls).toBe(1);
    server.thaw();
    await untilAnswered(service, others[0]!);
    expect(await service.health()).toMatchObject({ up: true, store: 'available' });
    expect([states, upstream.cost.calls]).toEqual([['unavailable', 'available'], 2]);
    expect(await service.verify(known!)).toMatchObject({ source: 'ledger' });
  }, 120_000);

  it('is killed and started again: is never sent without a claim, and is answered when Redis is back', async () => {
    const { server, upstream, service, states } = await start();
    const [known, ...others] = people(20);
    await service.verify(known!);
    await server.kill();
    for (const person of others) {
      expect(await refusal(service.verify(person))).toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE', billed: 'no' });
    }
    expect([states, upstream.cost.calls]).toEqual([['unavailable'], 1]);
    await server.restart();
    await untilAnswered(service, others[0]!);
    expect([states, upstream.cost.calls]).toEqual([['unavailable', 'available'], 2]);
  }, 120_000);

  it('hangs while a call is under way: the answer is returned, and written when Redis is back', async () => {
    const { server, upstream, service } = await start();
    const [person] = people(1);
    const send = upstream.send.bind(upstream);
    upstream.send = async (...call) => {
      server.freeze();
      return send(...call);
    };
    expect(await service.verify(person!)).toMatchObject({ source: 'upstream', outcome: 'match' });
    upstream.send = send;
    server.thaw();
    await untilAnswered(service, person!);
    expect(await service.verify(person!)).toMatchObject({ source: 'ledger' });
    expect(upstream.cost.calls).toBe(1);
  }, 120_000);
});

describeRedis("questions with onStoreFailure: 'local', when Redis", () => {
  const BUDGET = { callsPerDay: 10 };
  const LOCAL = { onStoreFailure: 'local', instances: 2, budget: BUDGET } as const;

  /** Waits until this process has written everything to Redis, which the time limit of the test bounds. */
  async function untilWritten(service: IdentityVerifyService, other: IdentityVerifyService, calls: number) {
    for (;;) {
      const seen = await Promise.all([service, other].map((each) => each.spent().catch(() => undefined)));
      const isLocal = (await service.health()).degraded;
      if (!isLocal && seen.every((spent) => spent?.today.calls === calls)) return;
      await pause(20);
    }
  }

  it.each(['hangs', 'is killed and keeps its data'])(
    '%s: are answered within the budget, and are written when it is back',
    async (how) => {
      const server = await startRedis(...(how === 'hangs' ? [] : ['--appendonly', 'yes', '--appendfsync', 'always']));
      closing.push(() => server.close());
      const instances = [await serviceOn(server, LOCAL), await serviceOn(server, LOCAL)] as const;
      const [one, other] = instances.map(({ service }) => service) as [IdentityVerifyService, IdentityVerifyService];
      const [known, ...others] = people(40);
      await one.verify(known!);
      await other.verify(known!); // a hit, which it knows from now on
      await Promise.all([one.spent(), other.spent()]);
      if (how === 'hangs') server.freeze();
      else await server.kill();

      // The first questions find out, and are refused.
      for (const service of [one, other]) {
        while (!(await service.health()).degraded) await refusal(service.spent());
        expect(await service.verify(known!)).toMatchObject({ source: 'ledger' });
      }
      const answered: (typeof known)[] = [];
      for (const [n, person] of others.slice(0, 20).entries()) {
        const error = await refusal((n % 2 ? one : other).verify(person));
        if (!error) answered.push(person);
        else expect(error).toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE', billed: 'no' });
      }
      expect(answered).toHaveLength(8); // of 10, one is spent: each has a share of 4
      expect(await one.health()).toMatchObject({ up: true, ledger: { kind: 'redis', state: 'local' } });

      if (how === 'hangs') server.thaw();
      else await server.restart();
      await untilWritten(one, other, 9);
      // Each finds what the other has paid for.
      for (const person of answered) {
        for (const service of [one, other]) expect(await service.verify(person!)).toMatchObject({ source: 'ledger' });
      }
      expect(instances.reduce((calls, { upstream }) => calls + upstream.cost.calls, 0)).toBe(9);
      expect(instances.map(({ states }) => states)).toEqual([
        ['unavailable', 'available'],
        ['unavailable', 'available'],
      ]);
      expect(await one.health()).toMatchObject({ up: true, ledger: { kind: 'redis', state: 'available' } });
    },
    60_000,
  );
});
