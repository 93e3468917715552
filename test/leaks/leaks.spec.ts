import { TEST_MOBILES, TEST_POPULATION, TRANSPORT_FAULTS } from '@identity-verify/contract';
import { defaultAppSecret, startMockServer, type MockServer } from '@identity-verify/mock-server';
import {
  IdentityVerifyModule,
  IdentityVerifyService,
  MemoryLedger,
  toProblemDetails,
  UndiciTransport,
  type ClaimRequest,
  type Credentials,
  type IdentityVerifyError,
} from '@identity-verify/nestjs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger, type LoggerService } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { inspect } from 'node:util';
import { TEST_PEPPER } from '../support/client.js';

const VERIFICATIONS = process.env['TEST_LONG'] ? 10_000 : 2_000;
const CONCURRENT = 200;

const APP_CODE = 'appcode-0123456789abcdef';
const APP_KEY = 'appkey-0123456789abcdef';
const APP_SECRET = defaultAppSecret(APP_KEY);
const DIRECT_KEY = 'direct-0123456789abcdef';

/** Synthetic people with a distinctive name and ID number, so that a match is a leak and not a coincidence. */
const [{ idCard }] = TEST_POPULATION;
const NAME = '测试泄漏者';
// Only a separate mobile counts: inside a longer run of digits it is part of a seqNo.
const escaped = [NAME, encodeURIComponent(NAME), idCard, APP_CODE, APP_SECRET, DIRECT_KEY, TEST_PEPPER].map((text) =>
  text.replaceAll(/[^\w]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`),
);
const LEAK = new RegExp(`${escaped.join('|')}|(?<!\\w)160000\\d{5}(?!\\w)`, 'gu');

/** Collects everything that an application could print. */
class Capture {
  #text: string[] = [];
  readonly leaks = new Set<string>();
  printed = 0;

  add(...values: unknown[]): void {
    for (const value of values) {
      const json = jsonOf(value);
      const text = [
        String(value),
        json,
        inspect(value, { depth: 20, showHidden: true }),
        value instanceof Error ? String(value.stack) : '',
      ];
      this.#text.push(...text);
      this.printed += text.length;
    }
    if (this.#text.length > 1_000) this.search();
  }

  search(): void {
    const all = this.#text.join('\n');
    for (const [leak] of all.matchAll(LEAK)) this.leaks.add(leak);
    this.#text = [];
  }
}

/** Omits repeated references, because containers refer to themselves. */
function jsonOf(value: unknown): string {
  const seen = new Set<unknown>();
  const once = (_key: string, part: unknown) => {
    if (typeof part !== 'object' || part === null) return part;
    if (seen.has(part)) return undefined;
    seen.add(part);
    return part;
  };
  return JSON.stringify(value, once) ?? '';
}

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer({ port: 0, signatureEcho: 'raw' });
});
afterAll(() => mock.close());

/** Faults that last until the deadline. They are slow, so a round uses only a few. */
const SLOW = new Set<string>(
  TRANSPORT_FAULTS.filter(({ name }) => /hang|drip|flood/.test(name)).map(({ testSuffix }) => testSuffix),
);
const isSlow = (mobile: string) => SLOW.has(mobile.slice(6));

const CHANNELS: readonly [string, Credentials][] = [
  ['AppCode', { appCode: APP_CODE }],
  ['signature', { appKey: APP_KEY, appSecret: () => APP_SECRET }],
  [
    'a wrong signature, which the gateway answers with an echo of the whole request',
    { appKey: APP_KEY, appSecret: 'wrong-secret' },
  ],
  ['key', { key: DIRECT_KEY }],
];

describe('the search', () => {
  // The titles use an index, because the test runner prints them.
  it.each(Object.entries({ name: NAME, idCard, APP_CODE, APP_SECRET, DIRECT_KEY, TEST_PEPPER, mobile: '16000010007' }))(
    'finds a secret at any depth (%#)',
    (_what, secret) => {
      for (const hidden of [
        new Error(secret),
        { a: { b: [secret] } },
        Object.defineProperty({}, 'x', { value: secret }),
        new Map([[secret, 1]]),
      ]) {
        const capture = new Capture();
        capture.add(hidden);
        capture.search();
        expect([...capture.leaks]).toEqual([secret]);
      }
    },
  );
});

const TRANSPORTS: readonly [string, () => UndiciTransport | undefined][] = [
  ['the default transport', () => undefined],
  ['UndiciTransport', () => new UndiciTransport({ maxSockets: CONCURRENT })],
];
const A_RUN = VERIFICATIONS / CHANNELS.length / TRANSPORTS.length;

describe.each(TRANSPORTS)('no personal data and no secret leaks over %s', (_transport, openTransport) => {
  it.each(CHANNELS)(
    'with %s',
    async (_channel, credentials) => {
      const transport = openTransport();
      const capture = new Capture();
      const log = (...entry: unknown[]) => capture.add(...entry);
      const logger: LoggerService = { log, error: log, warn: log, debug: log, verbose: log, fatal: log };
      Logger.overrideLogger(logger);
      const written = spyOnOutput((text) => capture.add(text));
      const inner = new MemoryLedger();
      // A ledger that prints its arguments.
      const ledger = new Proxy(inner, {
        get(target, name) {
          const method = Reflect.get(target, name) as unknown;
          if (typeof method !== 'function' || name === 'constructor') return method;
          return (argument: ClaimRequest) => {
            const answer = method.call(target, argument) as unknown;
            capture.add(argument, answer);
            return answer;
          };
        },
      });
      const module = await Test.createTestingModule({
        imports: [
          IdentityVerifyModule.forRoot({
            credentials,
            baseUrl: mock.url,
            transport,
            pepper: TEST_PEPPER,
            deadlineMs: 400,
            ledger,
            subjectLimit: false,
            latches: { accessMs: 1, quotaMs: 1 },
            breaker: { failures: 1_000, openMs: 1 },
            retry: { baseMs: 1, capMs: 1 },
            limiter: { concurrency: CONCURRENT, queue: CONCURRENT },
          }),
        ],
      }).compile();
      const service = module.get(IdentityVerifyService);
      try {
        const fast = TEST_MOBILES.filter(({ mobile }) => !isSlow(mobile));
        const questions = [
          ...TEST_MOBILES.filter(({ mobile }) => isSlow(mobile)),
          ...Array.from({ length: A_RUN }, (_, i) => fast[i % fast.length]!),
        ].map(({ mobile }, i) => ({
          name: i % 50 === 0 ? `${NAME}\n` : NAME,
          idCard: i % 77 === 0 ? `${idCard}0` : idCard,
          mobile,
        }));
        for (let at = 0; at < questions.length; at += CONCURRENT) {
          const some = questions.slice(at, at + CONCURRENT).map((question) =>
            service.verify(question, { maxAgeMs: 0, repeatInDoubt: true }).then(
              (verification) => capture.add(verification),
              (error: IdentityVerifyError) => capture.add(error, toProblemDetails(error)),
            ),
          );
          await Promise.all(some);
        }
        // The module is large, and the same with both.
        capture.add(service, transport ?? module);
      } finally {
        await module.close();
        transport?.close();
        written.restore();
        Logger.overrideLogger(false);
      }
      capture.search();
      expect(capture.printed).toBeGreaterThan(A_RUN);
      expect([...capture.leaks]).toEqual([]);
    },
    300_000,
  );
});

/** Captures what is written to stdout and stderr. */
function spyOnOutput(seen: (text: string) => void): { restore(): void } {
  const streams = [process.stdout, process.stderr];
  const originals = streams.map(({ write }) => write);
  for (const stream of streams) {
    const { write } = stream;
    stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
      seen(String(chunk));
      return write.call(stream, chunk, ...rest);
    }) as typeof stream.write;
  }
  return { restore: () => streams.forEach((stream, i) => (stream.write = originals[i]!)) };
}
