import { RedisLedger } from '@identity-verify/redis';
import { TEST_POPULATION } from '@identity-verify/contract';
import { afterAll, beforeAll, beforeEach, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { forgedAnswersAreRefused, overAnswersAreRefused } from '../ledgers/forgery.scenario.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';

let server: RedisServer;
let forger: Redis;

describeRedis('a Redis that somebody else writes to', () => {
  beforeAll(async () => {
    server = await startRedis();
    forger = new Redis(server.url, { disconnectTimeout: 50 });
  });
  beforeEach(() => forger.flushall());
  afterAll(async () => {
    forger.disconnect();
    await server.close();
  });

  /** The entry that holds an answer with this outcome. */
  async function entryOf(outcome: string): Promise<{ readonly key: string; readonly answer: string }> {
    for (const key of await forger.keys('*:q:*')) {
      const answer = await forger.hget(key, 'a');
      if (answer?.includes(`"${outcome}"`)) return { key, answer };
    }
    throw new Error(`There is no ${outcome}.`);
  }

  it.each<[string, (kept: string, match: string) => string]>([
    ['alters an outcome', (kept) => kept.replace('"mismatch"', '"match"')],
    ['removes a seal', (kept) => kept.replace('"mismatch"', '"match"').replace(/,"seal":"[^"]*"/, '')],
    ['moves an answer to another person', (_kept, match) => match],
    [
      'makes an answer of its own',
      () => '{"outcome":"match","code":"10000","billed":"yes","answeredAt":1,"seal":"AAAA"}',
    ],
    ['writes what is no answer', () => '{}'],
  ])('believes nobody who %s', async (_title, forged) => {
    await forgedAnswersAreRefused(
      () => new RedisLedger({ url: server.url, timeoutMs: 10_000 }),
      TEST_POPULATION,
      async () => {
        const { key, answer } = await entryOf('mismatch');
        await forger.hset(key, 'a', forged(answer, (await entryOf('match')).answer));
      },
    );
  });

  it('believes nobody who puts an answer back that is over', () =>
    overAnswersAreRefused(() => new RedisLedger({ url: server.url, timeoutMs: 10_000 }), TEST_POPULATION[0]));
});
