import {
  IdentityVerifyModule,
  IdentityVerifyService,
  isIdentityVerifyError,
  toProblemDetails,
  type AuditEntry,
  type IdentityVerifyEvent,
  type UpstreamTransport,
  type WireReply,
} from '@identity-verify/nestjs';
import { ManualClock } from '@identity-verify/nestjs/testing';
import type { TestPerson } from '@identity-verify/contract';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import fc from 'fast-check';
import { inspect } from 'node:util';
import { TEST_PEPPER } from '../support/client.js';
import { echoes, foreigners, people, replyWith, RUN, type Echo } from './echoes.arbitrary.js';

/** Repeat with `ECHO_RUNS=400000` after a change to the detector. */
const RUNS = Number(process.env['ECHO_RUNS'] ?? (process.env['TEST_LONG'] ? 20_000 : 3_000));
// Long enough for a busy machine; a hang still fails.
jest.setTimeout(30_000 + RUNS * 9);
/**
 * Half of a documented seqNo is digits, and a few of them match a number by chance, but never `run` of them, unless nearly
 * all are the zeros of a counter.
 */
const DOCUMENTED = { shape: /^[0-9A-Z]{8}\d{10}$/, run: 10, nonZero: 3 };

const TIMES = new Set(['durationMs', 'startMs', 'phases', 'retryAfterMs', 'retryAfter']);

/** Every string and number in a value, including hidden ones. Dates and times identify nobody. */
function leaves(value: unknown, found: string[] = []): string[] {
  if (typeof value === 'string') found.push(value);
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    for (const key of Reflect.ownKeys(value)) {
      if (TIMES.has(String(key)) || key === 'stack') continue;
      // With a blank, as a sentence: the names of fields are the module's own, and would match by chance when decoded.
      found.push(`field ${String(key)}`);
      const held: unknown = Reflect.get(value, key);
      if (typeof held === 'number') found.push(String(held));
      else leaves(held, found);
    }
  }
  return found;
}

const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

/** The ways to read a text. Sentences are the module's own and are not decoded: they would match by chance. */
function readings(text: string): string[] {
  const straight = [text, Array.from(text).toReversed().join('')];
  if (/\s/.test(text) || text.length < RUN) return straight;
  const hex = text.replaceAll(/[^0-9A-Fa-f]/g, '');
  // Decoded as base64, a UUID or a documented seqNo yields some characters by chance.
  const offsets = /^[0-9a-f-]{36}$/i.test(text) || DOCUMENTED.shape.test(text) ? [] : [0, 1, 2, 3];
  return [
    ...straight,
    ...[0, 1].map((at) => Buffer.from(hex.slice(at), 'hex').toString()),
    ...offsets.map((at) => Buffer.from(text.slice(at), 'base64').toString()),
  ];
}

function leaksIn(text: string, { name, idCard, mobile }: TestPerson): string[] {
  const isDocumented = DOCUMENTED.shape.test(text);
  const least = isDocumented ? DOCUMENTED.run : RUN;
  const says = (run: string) => !isDocumented || run.replaceAll('0', '').length >= DOCUMENTED.nonZero;
  const isHan = /^\p{Script=Han}/u.test(name);
  const names = isHan
    ? Array.from(name)
    : name
        .split(/\s+/)
        .map(plain)
        .filter(({ length }) => length > 4);
  return readings(text).flatMap((reading) => {
    const read = plain(reading);
    const found = names.filter((part) => read.includes(part));
    if (!/[0-9X]{6}/.test(read)) return found;
    for (const number of [idCard, mobile]) {
      for (let at = 0; at + least <= number.length; at++) {
        const run = number.slice(at, at + least);
        if (says(run) && read.includes(run)) found.push(run);
      }
    }
    return found.map((leak) => `${leak} in ${text}`);
  });
}

const clock = new ManualClock();
let next: WireReply;
let heard: (AuditEntry | IdentityVerifyEvent)[] = [];
let module: TestingModule;
let service: IdentityVerifyService;
beforeAll(async () => {
  const transport: UpstreamTransport = { send: () => Promise.resolve(next) };
  module = await Test.createTestingModule({
    imports: [
      IdentityVerifyModule.forRoot({
        credentials: { appCode: 'echoes' },
        baseUrl: 'http://127.0.0.1:1',
        pepper: TEST_PEPPER,
        transport,
        audit: (entry) => void heard.push(entry),
        onEvent: (event) => void heard.push(event),
        retry: { max: 0 },
        subjectLimit: false,
        latches: { accessMs: 1_000, quotaMs: 1_000 },
        random: () => 0.5, // our own waits are whole seconds as well
        breaker: { failures: 10_000, openMs: 1 },
        clock,
      }),
    ],
  }).compile();
  service = module.get(IdentityVerifyService);
});
afterAll(() => module.close());

/** The leaks in everything that a call exposes. */
async function leaksOf(person: TestPerson, echo: Echo): Promise<string[]> {
  return [...new Set(await seenOf(person, echo))].flatMap((text) => leaksIn(text, person));
}

async function seenOf(person: TestPerson, echo: Echo): Promise<string[]> {
  clock.jump(1_000); // past every latch of the previous call
  heard = [];
  next = replyWith(person, echo);
  const seen: unknown = await service
    .verify(person, { maxAgeMs: 0, repeatInDoubt: true })
    .catch((error: unknown) => error);
  if (!isIdentityVerifyError(seen)) {
    if (seen instanceof Error) throw seen;
    return leaves([seen, heard]);
  }
  // Whole seconds, up to an hour: at most four digits of the upstream pass, followed by zeros.
  const { retryAfterMs = 0 } = seen;
  expect([retryAfterMs % 1_000, retryAfterMs <= 3_600_000]).toEqual([0, true]);
  // The seqNo is checked as a leaf; inside the printed text it would be checked as ordinary text.
  const printed = firstLines(seen)
    .replace(seen.seqNo ?? '', '')
    .replace(/retryAfterMs: \d+/, '');
  return [...leaves([seen, toProblemDetails(seen), heard]), seen.message, String(seen), printed];
}

/** The printed error without its stack, which holds paths and line numbers. */
const firstLines = (error: Error) =>
  inspect(error, { depth: 5, showHidden: true })
    .split('\n')
    .filter((line) => !/^\s+at /.test(line))
    .join('\n');

describe('an echo of the person', () => {
  it('of a resident is not passed on, whatever its spelling and place', async () => {
    await fc.assert(
      fc.asyncProperty(people, echoes, async (person, echo) => {
        expect(await leaksOf(person, echo)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('of a foreigner is not passed on, whatever its spelling and place', async () => {
    await fc.assert(
      fc.asyncProperty(foreigners, echoes, async (person, echo) => {
        expect(await leaksOf(person, echo)).toEqual([]);
      }),
      { numRuns: RUNS / 4 },
    );
  });
});
