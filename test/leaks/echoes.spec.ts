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
const RUNS = Number(process.env['ECHO_RUNS'] ?? 20_000);
// Far more than a busy machine needs; what hangs still fails.
jest.setTimeout(RUNS * 9);
/** A seqNo of the documented shape is half digits anyway, which agree with a number by chance; never in so many. */
const DOCUMENTED = { shape: /^[0-9A-Z]{8}\d{10}$/, run: 10 };

const TIMES = new Set(['durationMs', 'phases', 'retryAfterMs', 'retryAfter']);

/** Every text and number that a value holds, hidden ones included; dates and times say nothing of a person. */
function leaves(value: unknown, found: string[] = []): string[] {
  if (typeof value === 'string') found.push(value);
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    for (const key of Reflect.ownKeys(value)) {
      if (TIMES.has(String(key)) || key === 'stack') continue;
      found.push(String(key));
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

/** What a reader could make of a text. Sentences are our own: decoded, they would say anything. */
function readings(text: string): string[] {
  const straight = [text, Array.from(text).toReversed().join('')];
  if (/\s/.test(text) || text.length < RUN) return straight;
  const hex = text.replaceAll(/[^0-9A-Fa-f]/g, '');
  // Read as base64, a UUID or a seqNo of the documented shape spells one character or another by chance.
  const offsets = /^[0-9a-f-]{36}$/i.test(text) || DOCUMENTED.shape.test(text) ? [] : [0, 1, 2, 3];
  return [
    ...straight,
    ...[0, 1].map((at) => Buffer.from(hex.slice(at), 'hex').toString()),
    ...offsets.map((at) => Buffer.from(text.slice(at), 'base64').toString()),
  ];
}

function leaksIn(text: string, { name, idCard, mobile }: TestPerson): string[] {
  const least = DOCUMENTED.shape.test(text) ? DOCUMENTED.run : RUN;
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
        if (read.includes(number.slice(at, at + least))) found.push(number.slice(at, at + least));
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
        latches: { accessMs: 1, quotaMs: 1 },
        breaker: { failures: 10_000, openMs: 1 },
        clock,
      }),
    ],
  }).compile();
  service = module.get(IdentityVerifyService);
});
afterAll(() => module.close());

/** All that anybody gets to see of a question. */
async function leaksOf(person: TestPerson, echo: Echo): Promise<string[]> {
  return [...new Set(await seenOf(person, echo))].flatMap((text) => leaksIn(text, person));
}

async function seenOf(person: TestPerson, echo: Echo): Promise<string[]> {
  clock.jump(1_000); // beyond every latch of the question before
  heard = [];
  next = replyWith(person, echo);
  const seen: unknown = await service
    .verify(person, { maxAgeMs: 0, repeatInDoubt: true })
    .catch((error: unknown) => error);
  if (!isIdentityVerifyError(seen)) {
    if (seen instanceof Error) throw seen;
    return leaves([seen, heard]);
  }
  // Whole seconds, up to an hour: no more than four digits come through, with zeros behind them.
  const { retryAfterMs = 0 } = seen;
  expect([retryAfterMs % 1_000, retryAfterMs <= 3_600_000]).toEqual([0, true]);
  // The seqNo is among the leaves; in a line of print it would be judged like any other text.
  const printed = firstLines(seen)
    .replace(seen.seqNo ?? '', '')
    .replace(/retryAfterMs: \d+/, '');
  return [...leaves([seen, toProblemDetails(seen), heard]), seen.message, String(seen), printed];
}

/** As it would be printed, without the lines of the stack, which hold paths and numbers of lines. */
const firstLines = (error: Error) =>
  inspect(error, { depth: 5, showHidden: true })
    .split('\n')
    .filter((line) => !/^\s+at /.test(line))
    .join('\n');

describe('an echo of the person', () => {
  it('of a resident gets no further, whatever its spelling and place', async () => {
    await fc.assert(
      fc.asyncProperty(people, echoes, async (person, echo) => {
        expect(await leaksOf(person, echo)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('of a foreigner gets no further, whatever its spelling and place', async () => {
    await fc.assert(
      fc.asyncProperty(foreigners, echoes, async (person, echo) => {
        expect(await leaksOf(person, echo)).toEqual([]);
      }),
      { numRuns: RUNS / 4 },
    );
  });
});
