import type { Identity } from '@identity-verify/nestjs';
import { FakeUpstream } from '@identity-verify/nestjs/testing';
import { RedisLedger } from '@identity-verify/redis';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openClient } from '../support/client.js';
import { people } from './people.js';
import { describeRedis, startRedis, type RedisServer } from './redis.server.js';
import { formsOf, secretsOf, tracesOf } from './traces.js';

const TOOL = 'redis-cli';
const APP_CODE = 'an-app-code-of-the-tests';
const PEPPER = 'a pepper of the tests, long enough for it';
const ASKED = [...people(4), ...people(2, '测试丁'), ...people(2, '测试·买买提')];

let server: RedisServer;
let admin: Redis;
let monitor: ChildProcess;
let transcript: Buffer[];

describeRedis('what Redis holds after a run with several people', () => {
  beforeEach(async () => {
    transcript = [];
    server = await startRedis('--rdbcompression', 'no', '--rdbchecksum', 'no');
    admin = new Redis(server.url, { disconnectTimeout: 50 });
    // The tool and not a client library: what it prints is what an operator sees.
    monitor = spawn(TOOL, ['-p', String(server.port), 'monitor'], { stdio: ['ignore', 'pipe', 'ignore'] });
    monitor.stdout!.on('data', (chunk: Buffer) => transcript.push(chunk));
    await once(monitor.stdout!, 'data');
  });
  afterEach(async () => {
    admin.disconnect();
    if (monitor.exitCode === null && monitor.signalCode === null) {
      monitor.kill();
      await once(monitor, 'exit');
    }
    await server.close();
  });

  /** Keys, values, the file of a snapshot, and every command, also those of the scripts. */
  async function everything(): Promise<Readonly<Record<'entries' | 'snapshot' | 'transcript', Buffer>>> {
    const entries: Buffer[] = [];
    for (const key of await admin.keysBuffer('*')) {
      const type = await admin.type(key);
      const values =
        type === 'hash'
          ? Object.entries(await admin.hgetallBuffer(key)).flatMap(([field, value]) => [Buffer.from(field), value])
          : type === 'zset'
            ? await admin.zrangeBuffer(key, 0, '-1', 'WITHSCORES')
            : [(await admin.getBuffer(key)) ?? Buffer.alloc(0)];
      entries.push(key, ...values);
    }
    await admin.save();
    const snapshot = await readFile(join(server.folder, 'dump.rdb'));
    await admin.echo('the end of the run');
    while (!Buffer.concat(transcript).includes('the end of the run')) await once(monitor.stdout!, 'data');
    return { entries: Buffer.concat(entries), snapshot, transcript: unescaped(Buffer.concat(transcript)) };
  }

  it('has no name, ID number, mobile or secret: not in entries, not in the RDB file, not in MONITOR', async () => {
    const ledger = new RedisLedger({ url: server.url, timeoutMs: 2_000 });
    const client = await openClient({
      credentials: { appCode: APP_CODE },
      pepper: PEPPER,
      baseUrl: 'http://127.0.0.1',
      ledger,
      ledgerTimeoutMs: 2_000,
      transport: new FakeUpstream(),
    });
    for (const person of [...ASKED, ...ASKED]) await client.service.verify(person);
    await client.service.forget({ mobile: ASKED[0]!.mobile });
    const found = await everything();
    await client.close();
    for (const [place, bytes] of Object.entries(found)) {
      expect({ place, traces: tracesOf(bytes, ASKED) }).toEqual({ place, traces: [] });
      for (const secret of [APP_CODE, PEPPER]) {
        for (const form of formsOf(secret))
          expect({ place, isFound: bytes.includes(form) }).toEqual({ place, isFound: false });
      }
      // It is the run that was read: an entry of an answer, with its code.
      expect(bytes.includes('10000')).toBe(true);
    }
  }, 120_000);

  it('would be found by this search in every form, in each place', async () => {
    const person: Identity = ASKED[0]!;
    const planted = secretsOf(person).flatMap(formsOf);
    // Not alone in its value: a number that is alone is packed.
    const [before, after] = [Buffer.from('<'), Buffer.from('>')];
    for (const [index, form] of planted.entries())
      await admin.hset(`planted:${index}`, 'x', Buffer.concat([before, form, after]));
    const found = await everything();
    const expected = planted.map((_, index) => index);
    const seen = (bytes: Buffer) => expected.filter((index) => bytes.includes(planted[index]!));
    for (const bytes of Object.values(found)) expect(seen(bytes)).toEqual(expected);
  }, 120_000);

  it('would be found by this search where Redis packs a number into an entry', async () => {
    const { mobile, idCard } = ASKED[0]!;
    const number = idCard.slice(0, 17);
    for (const text of [mobile, number]) {
      await admin.del('planted');
      await admin.hset('planted', 'x', text);
      const packed = await everything();
      expect(packed.snapshot.includes(text)).toBe(false);
      expect(tracesOf(packed.snapshot, [ASKED[0]!])).not.toEqual([]);
      await admin.del('planted');
      await admin.zadd('planted', text, 'x');
      const scored = await everything();
      expect(tracesOf(scored.snapshot, [ASKED[0]!])).not.toEqual([]);
    }
  }, 120_000);
});

/** MONITOR prints what is no printable ASCII as `\xe6`, and quotes as `\"`. */
function unescaped(printed: Buffer): Buffer {
  const text = printed.toString('latin1').replaceAll(/\\(?:x([0-9a-f]{2})|(.))/g, (_, code?: string, other = '') => {
    if (code) return String.fromCharCode(Number.parseInt(code, 16));
    const controls: Record<string, string> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' };
    return controls[other] ?? other;
  });
  return Buffer.from(text, 'latin1');
}
