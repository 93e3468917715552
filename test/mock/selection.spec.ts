import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ENDPOINT, GATEWAY_ANSWERS, TEST_POPULATION } from '@identity-verify/contract';
import { startMockServer, type MockNamespace, type MockServer } from '@identity-verify/mock-server';
import { ask, exchange, PERSON, rawQuestion, startMock } from './support.js';

// Long enough for a busy machine; a hang still fails.
jest.setTimeout(60_000);

const STRANGER = { name: '测试丁', idCard: '110101190001019991', mobile: '16000020099' };
const HEADER = { Authorization: 'APPCODE order', 'X-Mock-Scenario': 'code-10018' };

let mock: MockServer;
let ns: MockNamespace;
beforeAll(async () => {
  mock = await startMockServer({ port: 0, now: () => 1_800_000_000_000 });
  ns = mock.namespace('order');
});
beforeEach(() => ns.reset());
afterAll(() => mock.close());

describe('the selection of a scenario', () => {
  it('prefers the queue, then a rule, the header, the mobile, the population and the default', async () => {
    const mobile = '16000010011';
    ns.enqueue('code-10016');
    ns.addRule({ when: { mobile }, scenario: 'code-10017' });
    const decisions: (string | null)[] = [];
    for (let i = 0; i < 2; i++) decisions.push((await ask(mock, HEADER, { mobile })).decision);
    ns.clearRules();
    decisions.push((await ask(mock, HEADER, { mobile })).decision);
    decisions.push((await ask(mock, 'order', { mobile })).decision);
    decisions.push((await ask(mock, 'order')).decision);
    decisions.push((await ask(mock, 'order', { name: '测试丁' })).decision);
    decisions.push((await ask(mock, 'order', STRANGER)).decision);
    expect(decisions).toEqual([
      'queue; scenario=code-10016',
      'rule; rule=1; scenario=code-10017',
      'header; scenario=code-10018',
      'mobile; scenario=code-10011',
      'population; scenario=state-1',
      'population; scenario=state-2',
      'default; scenario=code-10001',
    ]);
    expect(ns.journal().map(({ decidedBy }) => decidedBy)).toEqual([
      'queue',
      'rule',
      'header',
      'mobile',
      'population',
      'population',
      'default',
    ]);
  });

  it('answers an unknown scenario name with the nearest name, as an invalid request that costs nothing', async () => {
    const { status, gateway, body } = await ask(mock, { ...HEADER, 'X-Mock-Scenario': 'code-10081' });
    expect({ status, gateway }).toEqual({ status: 400, gateway: 'Invalid Request Body' });
    expect(body.mock).toMatchObject({
      error: 'unknown_scenario',
      nearest: expect.arrayContaining(['code-10018']) as unknown,
    });
    expect(ns.cost()).toMatchObject({ calls: 1, fenAtMost: 0 });
  });

  it('refuses people who may be real, with the reason, unless a scenario is selected for them', async () => {
    const alive = { ...STRANGER, idCard: '11010119991231001X' };
    const refused = await ask(mock, 'order', alive);
    expect(refused).toMatchObject({ status: 400, body: { mock: { error: 'real_looking_person' } } });
    expect(JSON.stringify(refused.body)).not.toContain(alive.idCard);
    ns.enqueue('match');
    expect((await ask(mock, 'order', alive)).body.data?.state).toBe('1');
  });

  it.each([
    ['match', '10000'],
    ['mismatch', '10000'],
    ['no-record', '10001'],
  ] as const)('can answer unknown people with %s', async (defaultAnswer, code) => {
    const other = await startMock({ defaultAnswer, allowRealLooking: true });
    const answer = await ask(other, 'x', { ...STRANGER, mobile: '13000000000' });
    expect(answer).toMatchObject({ decision: expect.stringMatching(/^default/) as unknown, body: { code } });
  });

  it('recognises added people', async () => {
    const other = await startMock({ people: [STRANGER] });
    expect((await ask(other, 'x', STRANGER)).body.data?.state).toBe('1');
  });
});

describe('the checks before', () => {
  it('run in order: authentication, quota, throttle, parse', async () => {
    ns.enqueue('match');
    ns.setQuota({ callsLeft: 0 });
    ns.setThrottle({ callsPerSecond: 0, httpStatus: 429 });
    const bad = { mobile: 'x' };
    const decisions = [
      (await ask(mock, { Authorization: 'Bearer order' }, bad)).decision,
      (await ask(mock, 'order', bad)).decision,
    ];
    ns.setQuota({});
    decisions.push((await ask(mock, 'order', bad)).decision);
    ns.setThrottle({});
    decisions.push((await ask(mock, 'order', bad)).decision);
    decisions.push((await ask(mock, 'order')).decision);
    expect(decisions).toEqual([
      'authentication; scenario=gateway-invalid-appcode',
      'quota; scenario=code-10010',
      'throttle; scenario=gateway-throttled-by-app',
      'parse; scenario=code-10007',
      'queue; scenario=state-1',
    ]);
  });

  it('charge the quota until it is used up, with any number of concurrent calls', async () => {
    ns.setQuota({ callsLeft: 3, answeredBy: 'gateway' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(mock, 'order')));
    expect(answers.filter(({ body }) => body.data?.state === '1')).toHaveLength(3);
    expect(answers.filter(({ gateway }) => gateway === 'Quota Exhausted')).toHaveLength(7);
    expect(ns.cost()).toEqual({ calls: 10, billed: 3, unknown: 0, fen: 126, fenAtMost: 126 });
  });

  it('expire a package and end a window when the clock is advanced', async () => {
    ns.setQuota({ expiresInMs: 86_400_000 });
    ns.setThrottle({ sameParameter: { limit: 1 } });
    const codes = [await ask(mock, 'order'), await ask(mock, 'order')].map(({ body }) => body.code);
    ns.advanceClock(86_400_000);
    codes.push((await ask(mock, 'order')).body.code);
    ns.setQuota({});
    codes.push((await ask(mock, 'order')).body.code);
    expect(codes).toEqual(['10000', '10019', '10010', '10000']);
  });

  it('refuse a body over the limit of the gateway', async () => {
    const response = await fetch(mock.url + ENDPOINT.path, {
      method: 'POST',
      headers: { Authorization: 'APPCODE order' },
      body: 'x'.repeat(8 * 1024 * 1024 + 1),
    });
    expect([response.status, response.headers.get('X-Ca-Error-Message')]).toEqual([413, 'Invalid Request Body']);
  });

  it.each([
    ['GET', ENDPOINT.path, 'API Not Found'],
    ['POST', `${ENDPOINT.path}/`, 'API Not Found'],
    ['POST', '/communication/personal/1978', 'API Not Found'],
    ['OPTIONS', '*', 'Invalid Url'],
  ])('refuse any other route: %s %s', async (method, path, message) => {
    const { received } = await exchange(
      mock.port,
      `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(received.toString()).toContain(`X-Ca-Error-Message: ${message}`);
  });

  it('require a Host header', async () => {
    const { received } = await exchange(mock.port, `POST ${ENDPOINT.path} HTTP/1.1\r\nConnection: close\r\n\r\n`);
    expect(received.toString()).toContain('X-Ca-Error-Message: Invalid Domain');
  });
});

describe('the wire', () => {
  it.each(['Authorization: APPCODE raw', 'Authorization:APPCODE raw', 'authorization: APPCODE raw'])(
    'accepts the header spelled %j',
    async (line) => {
      const question = rawQuestion(PERSON.mobile, ['Connection: close']).replace('Authorization: APPCODE raw', line);
      const { received } = await exchange(mock.port, question);
      expect(received.toString()).toMatch(/^HTTP\/1\.1 200 OK/);
    },
  );

  it('names the rule that answered, except in strict mode', async () => {
    const strict = await startMock({ strictWire: true });
    const names = async (server: MockServer, mobile: string) => {
      const { received } = await exchange(server.port, rawQuestion(mobile), {
        enough: (bytes) => bytes.includes('\r\n\r\n'),
      });
      return new Set([...received.toString().matchAll(/^([A-Za-z-]+):/gm)].map(([, name]) => name));
    };
    const real = ['Connection', 'Content-Length', 'Content-Type', 'Date', 'X-Ca-Request-Id'];
    const refused = [
      'Connection',
      'Content-Length',
      'Date',
      'X-Ca-Request-Id',
      'X-Ca-Error-Code',
      'X-Ca-Error-Message',
    ];
    expect(await names(strict, PERSON.mobile)).toEqual(new Set(real));
    expect(await names(strict, '16000040302')).toEqual(new Set(refused));
    expect(await names(mock, PERSON.mobile)).toEqual(new Set([...real, 'Keep-Alive', 'X-Mock-Decision']));
  });

  it('supports both dialects of the gateway', async () => {
    const old = await startMock({ gatewayErrorCodes: false });
    for (const { testSuffix, message, errorCodes, statuses } of GATEWAY_ANSWERS) {
      const mobile = `160000${testSuffix}`;
      const [newer, older] = [await ask(mock, 'order', { mobile }), await ask(old, 'order', { mobile })];
      const code = newer.headers.get('X-Ca-Error-Code');
      expect([newer.status, newer.gateway]).toEqual([statuses[0], message || null]);
      expect(errorCodes.length === 0 ? [null] : errorCodes).toContain(code);
      // Without a message, only the code is left.
      expect([older.status, older.gateway, older.headers.get('X-Ca-Error-Code')]).toEqual([
        statuses[0],
        message || null,
        message === '' ? code : null,
      ]);
    }
  });

  it('can play a gateway row with another observed status', async () => {
    ns.enqueue({ scenario: 'throttled-by-user', httpStatus: 429 });
    expect((await ask(mock, 'order')).status).toBe(429);
  });

  it('keeps names, numbers and credentials out of journal, decisions and costs', async () => {
    for (const person of TEST_POPULATION) await ask(mock, 'order', person);
    const shown = JSON.stringify([ns.journal(), ns.rules(), ns.id]);
    for (const { name, idCard, mobile } of TEST_POPULATION) {
      for (const secret of [name, idCard, mobile, 'APPCODE', 'order']) expect(shown).not.toContain(secret);
    }
  });

  it('keeps a raw journal only when confirmed', async () => {
    await expect(startMockServer({ port: 0, journal: 'raw' })).rejects.toThrow(/allowRawJournal/);
    const raw = await startMock({ journal: 'raw', allowRawJournal: true });
    await ask(raw, 'x');
    expect(raw.namespace('x').journal()[0]?.person).toEqual({
      name: PERSON.name,
      idCard: PERSON.idCard,
      mobile: PERSON.mobile,
    });
  });

  it('can count without a journal', async () => {
    const off = await startMock({ journal: 'off' });
    await ask(off, 'x');
    expect(off.namespace('x').journal()).toEqual([]);
    expect(off.namespace('x').cost()).toMatchObject({ calls: 1, fen: 42 });
    await expect(off.namespace('x').verify()).rejects.toThrow(/journal is off/);
  });
});

describe('delay', () => {
  it('is drawn for every call and waited on the timer of the mock', async () => {
    const waited: number[] = [];
    const slow = await startMock({
      setTimer: (callback, ms) => {
        waited.push(ms);
        setImmediate(callback);
        return () => undefined;
      },
    });
    const mine = slow.namespace('x');
    mine.setLatency({ kind: 'lognormal', medianMs: 300, sigma: 0.4 });
    for (let i = 0; i < 5; i++) await ask(slow, 'x');
    mine.enqueue({ scenario: 'match', latencyMs: 7 });
    await ask(slow, 'x');
    expect(waited).toEqual(mine.journal().map(({ latencyMs }) => latencyMs));
    expect(waited.at(-1)).toBe(7);
    expect(new Set(waited).size).toBeGreaterThan(3);
  });

  it('does not hide a pending call from verify', async () => {
    const waiting = ns.verify({ match: { scenario: 'match' }, times: 2, waitMs: 60_000 });
    await ask(mock, 'order');
    await ask(mock, 'order');
    expect(await waiting).toMatchObject({ ok: true, count: 2 });
  });
});
