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
import { inspect, types } from 'node:util';
import { TEST_PEPPER } from '../support/client.js';

const VERIFICATIONS = process.env['TEST_LONG'] ? 10_000 : 4_000;
const CONCURRENT = 200;

const APP_CODE = 'appcode-0123456789abcdef';
const APP_KEY = 'appkey-0123456789abcdef';
const APP_SECRET = defaultAppSecret(APP_KEY);
const DIRECT_KEY = 'direct-0123456789abcdef';

/** Synthetic people with a distinctive name and ID number, so that a match is a leak and not a coincidence. */
const [{ idCard }] = TEST_POPULATION;
const NAME = '测试泄漏者';
const SECRETS = [NAME, encodeURIComponent(NAME), idCard, APP_CODE, APP_SECRET, DIRECT_KEY, TEST_PEPPER];
const MOBILE = /160000\d{5}/g;
const isWord = (character = ' ') => /\w/.test(character);

/** What is found in a text. One expression for all would take most of the time of the test. */
function* leaksIn(text: string): Generator<string> {
  for (const secret of SECRETS) if (text.includes(secret)) yield secret;
  // Only a separate mobile counts: inside a longer run of digits it is part of a seqNo.
  for (const { 0: mobile, index } of text.matchAll(MOBILE)) {
    if (!isWord(text[index - 1]) && !isWord(text[index + mobile.length])) yield mobile;
  }
}

/** Searches everything that an application could print. */
class Capture {
  readonly leaks = new Set<string>();
  printed = 0;

  add(...values: unknown[]): void {
    for (const value of values) {
      const printed = [
        String(value),
        jsonOf(value),
        inspect(value, { depth: 20, showHidden: true }),
        value instanceof Error ? String(value.stack) : '',
      ];
      this.printed += printed.length;
      for (const text of printed) this.#search(text);
    }
  }

  /** @param value of which everything else that it holds is added, too */
  addPart(value: unknown): void {
    this.#search(inspect(value, { depth: 1, showHidden: true, maxArrayLength: null }));
  }

  #search(text: string): void {
    for (const leak of leaksIn(text)) this.leaks.add(leak);
  }
}

/**
 * A value and everything that can be reached from it, each once. Printed as a whole, an object appears at each of its
 * references, which are very many in an application.
 */
function reachableFrom(root: unknown): Set<unknown> {
  const seen = new Set([root]);
  for (const value of seen) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) continue;
    if (ArrayBuffer.isView(value)) continue; // its bytes are printed with it
    for (const key of Reflect.ownKeys(value)) seen.add(Reflect.getOwnPropertyDescriptor(value, key)?.value);
    if (types.isMap(value)) for (const [key, held] of value) seen.add(key).add(held);
    if (types.isSet(value)) for (const held of value) seen.add(held);
  }
  return seen;
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
        expect([...capture.leaks]).toEqual([secret]);
      }
    },
  );

  it('finds a secret in a part of a part, however deep, hidden and often it is held', () => {
    const steps: ((held: object) => object)[] = [
      (held) => ({ [Symbol('held')]: held }),
      (held) => new Map([[held, held]]),
      (held) => Object.defineProperty({}, 'held', { value: held }),
      (held) => new Set([[held, held]]),
      (held) => Object.assign(() => undefined, { held }),
    ];
    let root: object = { [APP_SECRET]: Buffer.from('bytes') };
    for (let depth = 0; depth < 100; depth++) root = steps[depth % steps.length]!(root);
    const capture = new Capture();
    for (const part of reachableFrom(root)) capture.addPart(part);
    expect([...capture.leaks]).toEqual([APP_SECRET]);
  });

  it('takes a mobile inside a longer run of letters and digits for a part of it', () => {
    const capture = new Capture();
    capture.add('A16000010007', '160000100071', '_16000010007 16000010007_');
    expect([...capture.leaks]).toEqual([]);
  });
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
        for (const part of reachableFrom([service, transport, module])) capture.addPart(part);
      } finally {
        await module.close();
        transport?.close();
        written.restore();
        Logger.overrideLogger(false);
      }
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
