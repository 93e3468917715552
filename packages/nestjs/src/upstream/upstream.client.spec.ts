import { DEFAULTS } from '../options/options.defaults.js';
import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import { carrierOf } from './carrier.js';
import { CallLimiter } from './call.limiter.js';
import { CircuitBreaker } from './circuit.breaker.js';
import { CodeTable } from './code.table.js';
import { CredentialSource, type Credentials } from '../accounts/credentials.js';
import { ReplyDecoder } from './reply.decoder.js';
import { RetryPolicy } from './retry.policy.js';
import { Stop } from './stop.js';
import { WireFailure, type WireReply, type WireRequest } from './transport.port.js';
import { UpstreamClient, type CallEnd } from './upstream.client.js';

const [person] = TEST_POPULATION;
const reply = (body: string, headers: Record<string, string> = {}): WireReply => ({
  status: 200,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(body),
});
const MATCH_BODY = '{"code":"10000","message":"成功","data":{"state":"1"},"seqNo":"S"}';
const MATCH = reply(MATCH_BODY);
const BUSY = reply('{"code":"10017","message":"系统繁忙"}');

type Step = WireReply | WireFailure | Error | 'hang' | 'stubborn';

function open(
  steps: Step[],
  {
    credentials = { appCode: 'code' },
    queue = 1,
    failures = 2,
    deadlineMs = 60_000,
  }: { credentials?: Credentials; queue?: number; failures?: number; deadlineMs?: number } = {},
) {
  const clock = new ManualClock();
  const sent: WireRequest[] = [];
  const client = new UpstreamClient({
    baseUrl: 'http://127.0.0.1:1',
    clock,
    attemptTimeoutMs: 1_000,
    minAttemptMs: 200,
    decoder: new ReplyDecoder({ codes: new CodeTable({}), replyContentTypes: DEFAULTS.replyContentTypes }),
    breaker: new CircuitBreaker(clock, { failures, openMs: 500 }),
    limiter: new CallLimiter(clock, { concurrency: 1, queue, callsPerSecond: undefined }),
    retry: new RetryPolicy(() => 1, { ...DEFAULTS.retry, baseMs: 100, capMs: 100 }),
    carrier: carrierOf({
      send(request, signal) {
        sent.push(request);
        const step = steps.shift() ?? MATCH;
        if (step === 'stubborn') return new Promise(() => undefined);
        if (step === 'hang') {
          return new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(new WireFailure('aborted', 'sent'))),
          );
        }
        return step instanceof Error ? Promise.reject(step) : Promise.resolve(step);
      },
    }),
  });
  const deadline = new Stop();
  const unsent = new Stop();
  deadline.onStop(() => unsent.stop('deadline'));
  const source = new CredentialSource(credentials);
  const endsAt = clock.monotonic() + deadlineMs;
  const ask = () => client.ask(person, source, { deadline, unsent, endsAt });
  return { clock, sent, ask, deadline, unsent };
}

const summary = ({ decoded }: CallEnd) =>
  decoded.kind === 'answer'
    ? decoded.outcome
    : [decoded.error.code, decoded.error.billed, decoded.error.retryable].join(' ');

describe('UpstreamClient', () => {
  it('retries an unsent attempt after a wait', async () => {
    const { ask, clock, sent } = open([
      new WireFailure('connect', 'unsent', 'ECONNREFUSED'),
      new WireFailure('connect', 'unsent'),
    ]);
    const asked = ask();
    await clock.advance(99);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent).toHaveLength(2);
    await clock.advance(100);
    expect(summary(await asked)).toBe('match');
    expect(sent).toHaveLength(3);
  });

  it('sends nothing if too little time is left for an answer', async () => {
    const { ask, clock, sent } = open([], { deadlineMs: 1_000 });
    await clock.advance(801);
    const end = await ask();
    expect(summary(end)).toBe('IDV_TIMEOUT no true');
    expect(end).toMatchObject({ sent: false, health: 'unasked' });
    expect(end.decoded.kind === 'failure' && end.decoded.error.message).toContain('too little time was left to ask');
    expect(sent).toHaveLength(0);
  });

  it('sends what has just enough time', async () => {
    const { ask, clock } = open([], { deadlineMs: 1_000 });
    await clock.advance(800);
    expect(summary(await ask())).toBe('match');
  });

  it('reports a failure at once if a repetition would have too little time', async () => {
    const { ask, clock, sent } = open([new WireFailure('connect', 'unsent', 'ECONNREFUSED')], { deadlineMs: 1_000 });
    await clock.advance(701);
    expect(summary(await ask())).toBe('IDV_CONNECT_FAILED no true');
    expect(sent).toHaveLength(1);
  });

  it('counts the time in the queue', async () => {
    const { ask, clock, sent } = open(['hang'], { deadlineMs: 1_100 });
    const asked = [ask(), ask()];
    await clock.advance(1_000);
    expect(await Promise.all(asked.map(async (each) => summary(await each)))).toEqual([
      'IDV_TIMEOUT unknown false',
      'IDV_TIMEOUT no true',
    ]);
    expect(sent).toHaveLength(1);
  });

  it('gives up after two retries, and reports that nothing was sent', async () => {
    const unreached = () => new WireFailure('connect', 'unsent', 'ECONNREFUSED');
    const { ask, clock, sent } = open([unreached(), unreached(), unreached(), unreached()]);
    const asked = ask();
    await clock.advance(1_000);
    const end = await asked;
    expect(summary(end)).toBe('IDV_CONNECT_FAILED no true');
    expect(end.sent).toBe(false);
    const { decoded } = end;
    expect(decoded.kind === 'failure' && decoded.error.message).toContain('ECONNREFUSED');
    expect(sent).toHaveLength(3);
  });

  it.each([
    [new WireFailure('connection_lost', 'sent', 'ECONNRESET'), 'IDV_CONNECTION_LOST unknown false'],
    [new WireFailure('connection_lost', 'headers', 'ECONNRESET'), 'IDV_CONNECTION_LOST unknown false'],
    [new WireFailure('connection_lost', 'body'), 'IDV_CONNECTION_LOST unknown false'],
    [new WireFailure('aborted', 'body'), 'IDV_TIMEOUT unknown false'],
    [new WireFailure('too_large', 'body'), 'IDV_REPLY_TOO_LARGE unknown false'],
    [new WireFailure('not_http', 'headers', 'HPE_INVALID_CONSTANT'), 'IDV_REPLY_UNREADABLE unknown false'],
    [new Error('a transport that breaks its promise'), 'IDV_CONNECTION_LOST unknown false'],
    [reply('<html>'), 'IDV_REPLY_UNREADABLE unknown false'],
    [reply('{"code":"10012"}'), 'IDV_UPSTREAM_TIMEOUT unknown false'],
    [reply('{"code":"10015"}'), 'IDV_UPSTREAM_FAILURE unknown false'],
  ])('never retries a call that may have been billed: %s', async (step, expected) => {
    const { ask, clock, sent } = open([step]);
    const asked = ask();
    await clock.advance(2_000);
    expect(summary(await asked)).toBe(expected);
    expect(sent).toHaveLength(1);
  });

  it('retries a busy upstream once', async () => {
    const { ask, clock, sent } = open([BUSY, BUSY, BUSY]);
    const asked = ask();
    await clock.advance(1_000);
    expect(summary(await asked)).toBe('IDV_BUSY no true');
    expect(sent).toHaveLength(2);
  });

  it('signs again when a nonce was used', async () => {
    const used = { ...reply('', { 'x-ca-error-message': 'Nonce Used' }), status: 400 };
    const { ask, clock, sent } = open([used], { credentials: { appKey: 'k', appSecret: 's' } });
    const asked = ask();
    await clock.advance(0);
    expect(summary(await asked)).toBe('match');
    const nonces = sent.map(({ headers }) => headers['X-Ca-Nonce']);
    expect(new Set(nonces).size).toBe(2);
  });

  it('ends an attempt at its own deadline', async () => {
    const { ask, clock } = open(['hang']);
    const asked = ask();
    await clock.advance(1_000);
    expect(summary(await asked)).toBe('IDV_TIMEOUT unknown false');
  });

  it('does not wait for a transport that ignores its signal', async () => {
    const { ask, clock } = open(['stubborn']);
    const asked = ask();
    await clock.advance(1_025);
    expect(summary(await asked)).toBe('IDV_TIMEOUT unknown false');
  });

  it('ends the call at the total deadline', async () => {
    const { ask, clock, deadline } = open(['hang']);
    const asked = ask();
    await clock.advance(10);
    deadline.stop('deadline');
    await clock.advance(0);
    expect(summary(await asked)).toBe('IDV_TIMEOUT unknown false');
  });

  it('continues a sent attempt after every caller has left, but starts no new one', async () => {
    const { ask, clock, unsent, sent } = open(['hang', MATCH]);
    const first = ask();
    await clock.advance(0);
    const queued = ask();
    unsent.stop('abandoned');
    expect(summary(await queued)).toBe('IDV_ABORTED no true');
    await clock.advance(1_000);
    expect(summary(await first)).toBe('IDV_TIMEOUT unknown false');
    expect(sent).toHaveLength(1);
  });

  it('stops waiting between attempts when every caller has left', async () => {
    const { ask, clock, unsent, sent } = open([new WireFailure('connect', 'unsent')]);
    const asked = ask();
    await clock.advance(50);
    unsent.stop('abandoned');
    expect(summary(await asked)).toBe('IDV_CONNECT_FAILED no true');
    expect(sent).toHaveLength(1);
  });

  it('reports that nothing was sent when the deadline passes in the queue', async () => {
    const { ask, clock, deadline } = open(['hang']);
    void ask();
    await clock.advance(0);
    const queued = ask();
    deadline.stop('deadline');
    expect(summary(await queued)).toBe('IDV_TIMEOUT no true');
  });

  it('refuses a call when the queue is full', async () => {
    const { ask, clock } = open(['hang'], { queue: 0 });
    void ask();
    await clock.advance(0);
    expect(summary(await ask())).toBe('IDV_OVERLOADED no true');
  });

  it('opens the circuit of a failing upstream, then sends one probe', async () => {
    const { ask, clock, sent } = open([reply('<html>'), reply('<html>')]);
    await ask();
    await ask();
    const refused = await ask();
    expect(summary(refused)).toBe('IDV_CIRCUIT_OPEN no true');
    expect(refused.decoded).toMatchObject({ error: { retryAfterMs: 500 } });
    expect(refused).toMatchObject({ sent: false, health: 'unasked' });
    expect(sent).toHaveLength(2);
    await clock.advance(500);
    expect(summary(await ask())).toBe('match');
  });

  it('does not count an answer, a refusal of the account or a missing credential as a failure', async () => {
    const { ask } = open([reply('{"code":"10009"}'), reply('{"code":"10001"}'), reply('{"code":"10007"}'), MATCH], {
      failures: 1,
    });
    const seen: string[] = [];
    for (let i = 0; i < 4; i++) seen.push(summary(await ask()));
    expect(seen).toEqual(['IDV_QUOTA no false', 'no_record', 'IDV_UPSTREAM_INVALID_INPUT no false', 'match']);
  });

  it('sends nothing without credentials', async () => {
    const { ask, sent } = open([], { credentials: { appCode: () => Promise.reject(new Error('vault: secret')) } });
    const end = await ask();
    expect(summary(end)).toBe('IDV_CREDENTIALS_UNAVAILABLE no true');
    expect(end.sent).toBe(false);
    expect(JSON.stringify(end)).not.toContain('vault');
    expect(sent).toHaveLength(0);
  });

  it('asks nothing, and waits for no function, of a call that was stopped before', async () => {
    let calls = 0;
    const appCode = () => {
      calls++;
      return new Promise<string>(() => undefined);
    };
    const { ask, deadline, sent } = open([], { credentials: { appCode } });
    deadline.stop('deadline');
    expect(summary(await ask())).toBe('IDV_TIMEOUT no true');
    expect([calls, sent]).toEqual([0, []]);
  });

  it('does not wait past the deadline for the credentials function, nor let it hold a slot', async () => {
    const hanging = new Promise<string>(() => undefined);
    let calls = 0;
    const appCode = () => (calls++ === 0 ? hanging : 'code');
    const { ask, clock, deadline, sent } = open([], { credentials: { appCode }, queue: 0 });
    const asked = ask();
    await clock.advance(0);
    expect(summary(await ask())).toBe('match'); // the only slot is free
    deadline.stop('deadline');
    expect(summary(await asked)).toBe('IDV_TIMEOUT no true');
    expect(sent).toHaveLength(1);
  });

  it('admits another probe at once if the first was not sent or its reply concerned only its own question', async () => {
    const [ill, invalid] = [reply('<html>'), reply('{"code":"10007"}')];
    const { ask, clock, unsent } = open([ill, invalid, ill], { failures: 1 });
    await ask();
    await clock.advance(500);
    expect(await ask()).toMatchObject({ health: 'unasked', sent: true });
    expect(await ask()).toMatchObject({ health: 'ill' }); // another probe, which fails
    await clock.advance(500);
    unsent.stop('deadline');
    expect(await ask()).toMatchObject({ health: 'unasked', sent: false });
  });

  it('reports a call as sent when any attempt was sent', async () => {
    const { ask, clock } = open([BUSY, new WireFailure('connect', 'unsent'), new WireFailure('connect', 'unsent')]);
    const asked = ask();
    await clock.advance(1_000);
    expect(await asked).toMatchObject({ sent: true });
  });

  it.each([
    [{ appCode: 'code' }, 'APPCODE code', undefined],
    [{ key: 'direct' }, undefined, 'direct'],
    [{ appKey: 'k', appSecret: 's' }, undefined, undefined],
  ] as const)('sends %j over its channel', async (credentials, authorization, key) => {
    const { ask, sent } = open([], { credentials });
    await ask();
    const form = new URLSearchParams(sent[0]?.body);
    expect(sent[0]).toMatchObject({ method: 'POST', url: 'http://127.0.0.1:1/communication/personal/1979' });
    expect(sent[0]?.headers['Authorization']).toBe(authorization);
    expect(Object.fromEntries(form)).toEqual({
      name: person.name,
      idcard: person.idCard,
      mobile: person.mobile,
      ...(key && { key }),
    });
    if ('appKey' in credentials) expect(sent[0]?.headers['X-Ca-Signature']).toMatch(/^[\w+/]{43}=$/);
  });
});
