import { type ClaimRequest, type LedgerAnswer } from '@identity-verify/nestjs';
import { RedisLedger } from '@identity-verify/redis';
import KeyvRedis from '@keyv/redis';
import { CACHE_MANAGER, CacheModule, type Cache } from '@nestjs/cache-manager';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import { Keyv } from 'keyv';

const DAY_MS = 86_400_000;
const MADE = 1_000;

/** One way to look an answer up, and to keep a new one. */
export interface Caller {
  /** Looks up an answer that is there. */
  hit(n: number): Promise<unknown>;
  /** Looks in vain, and then keeps an answer. */
  cold(n: number): Promise<unknown>;
}

export const LEDGER = 'RedisLedger: claim, settle';
export const PLAIN = 'GET, SET of the same client';
export const FLOOR = 'EVALSHA of an empty script';
export const NAMES = [
  LEDGER,
  'RedisLedger, subjectLimit: false',
  PLAIN,
  FLOOR,
  '@nestjs/cache-manager, @keyv/redis',
] as const;
export type Name = (typeof NAMES)[number];

/** Opens every caller in this process: all but the cache manager on one client of ioredis. */
export async function openCallers(url: string): Promise<Readonly<Record<Name, Caller>>> {
  const client = new Redis(url);
  return {
    [LEDGER]: ledger(client, 'limit', { perIdNumber: 5, perMobile: 5, windowMs: DAY_MS }),
    'RedisLedger, subjectLimit: false': ledger(client, 'free', undefined),
    [PLAIN]: {
      hit: (n) => client.get(keyOf('plain', n)),
      async cold(n) {
        await client.get(keyOf('plain', n));
        await client.set(keyOf('plain', n), JSON.stringify(answerOf(n)), 'PX', DAY_MS);
      },
    },
    [FLOOR]: await emptyScript(client),
    '@nestjs/cache-manager, @keyv/redis': await cacheManager(url),
  };
}

function ledger(client: Redis, scope: string, subjectLimit: ClaimRequest['subjectLimit']): Caller {
  const redis = new RedisLedger({ client });
  /** Made beforehand for the answers that are looked up, so that only the ledger is measured. */
  const made = new Map<number, ClaimRequest>();
  const claimOf = (n: number): ClaimRequest => made.get(n) ?? newClaim(n);
  const newClaim = (n: number): ClaimRequest => ({
    scope,
    keys: [keyOf('q', n)],
    idKeys: [keyOf('i', n)],
    mobileKeys: [keyOf('m', n)],
    owner: crypto.randomUUID(),
    leaseMs: 20_000,
    doubtMs: 60_000,
    maxAgeMs: undefined,
    repeatInDoubt: false,
    budget: { callsPerDay: 100_000_000 },
    subjectLimit,
  });
  const claim = async (request: ClaimRequest, expected: string) => {
    const { verdict } = await redis.claim(request);
    if (verdict !== expected) throw new Error(`The ledger says ${verdict} where it should say ${expected}.`);
  };
  return {
    hit: (n) => claim(claimOf(n), 'hit'),
    async cold(n) {
      const request = newClaim(n);
      if (made.size < MADE) made.set(n, request);
      await claim(request, 'granted');
      const { keys, owner } = request;
      const result = { kind: 'answered', answer: answerOf(n), ttlMs: DAY_MS, charged: true } as const;
      await redis.settle({ scope, key: keys[0] ?? '', owner, result });
    },
  };
}

async function emptyScript(client: Redis): Promise<Caller> {
  const sha = (await client.script('LOAD', 'return 1')) as string;
  return {
    hit: (n) => client.evalsha(sha, 1, keyOf('empty', n)),
    async cold(n) {
      await client.evalsha(sha, 1, keyOf('empty', n));
      await client.evalsha(sha, 1, keyOf('empty', n), JSON.stringify(answerOf(n)));
    },
  };
}

async function cacheManager(url: string): Promise<Caller> {
  const imports = CacheModule.register({ stores: [new Keyv({ store: new KeyvRedis(url) })] });
  const application = await NestFactory.createApplicationContext(imports, { logger: false });
  const cache = application.get<Cache>(CACHE_MANAGER);
  return {
    hit: (n) => cache.get(keyOf('cache', n)),
    async cold(n) {
      await cache.get(keyOf('cache', n));
      await cache.set(keyOf('cache', n), answerOf(n), DAY_MS);
    },
  };
}

const answerOf = (n: number): LedgerAnswer => ({
  outcome: 'match',
  code: '10000',
  billed: 'yes',
  seqNo: `S${n}`,
  answeredAt: Date.now(),
});

/** A key as long as those of the module, which are hashes: making those is the module's work, and not measured. */
const keyOf = (kind: string, n: number) => `v1.k1.${`${kind}${n}`.padEnd(43, 'x')}`;
