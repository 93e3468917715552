import { createHash, createHmac, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SCENARIOS, defaultAppSecret, startMockServer, type MockServer } from '@identity-verify/mock-server';
import { AdminClient } from './admin-client.js';
import { ask, PERSON, startMock } from './support.js';

// Long enough for a busy machine; a hang still fails.
jest.setTimeout(60_000);

let mock: MockServer;
let admin: AdminClient;
beforeAll(async () => {
  mock = await startMockServer({ port: 0, journalSize: 5 });
  admin = await AdminClient.of(mock);
});
beforeEach(() => admin.call('POST', 'reset'));
afterAll(() => mock.close());

describe('the admin API', () => {
  it('lists every scenario with a curl command that plays it', async () => {
    const { body } = await admin.call('GET', 'scenarios');
    expect(body.scenarios.map(({ id }: { id: string }) => id)).toEqual(SCENARIOS.map(({ id }) => id));
    for (const { curl, mobile, id } of body.scenarios) {
      expect(curl).toContain(mobile === null ? `X-Mock-Scenario: ${id}` : `mobile=${mobile}`);
      expect(curl).toContain(`${mock.url}/communication/personal/1979`);
    }
  });

  it('adds scenarios to the queue, shows it and clears it', async () => {
    const added = await admin.call('POST', 'queue', {
      scenarios: ['match', { scenario: 'throttled-by-app', httpStatus: 429, latencyMs: 0, times: 2 }],
    });
    expect(added).toMatchObject({
      status: 201,
      body: { queue: [{ scenario: 'state-1' }, { httpStatus: 429 }, { httpStatus: 429 }] },
    });
    await ask(mock, 'admin');
    expect((await admin.call('GET', 'queue')).body.queue).toHaveLength(2);
    expect((await admin.call('DELETE', 'queue')).body.queue).toEqual([]);
  });

  it('removes one entry of the queue by its id, which a call does not move', async () => {
    const { body } = await admin.call('POST', 'queue', {
      scenarios: ['match', { scenario: '10017', times: 2 }, '10015'],
    });
    const [first, second] = body.queue;
    await ask(mock, 'admin');
    expect((await admin.call('DELETE', `queue?entry=${first.id}`)).status).toBe(404);
    const { body: left } = await admin.call('DELETE', `queue?entry=${second.id}`);
    expect(left.queue.map(({ scenario }: { scenario: string }) => scenario)).toEqual(['code-10017', 'code-10015']);
    expect((await ask(mock, 'admin')).body.code).toBe('10017');
    expect((await ask(mock, 'admin')).body.code).toBe('10015');
    await admin.call('DELETE', 'queue');
    const again = await admin.call('POST', 'queue', { scenarios: ['match'] });
    expect(again.body.queue[0].id).toBeGreaterThan(body.queue.at(-1).id);
  });

  it('lists the namespaces, the busiest first, without a credential in it', async () => {
    await admin.call('POST', 'reset', { scope: 'every-namespace' });
    for (const [who, calls] of [
      ['busy-code', 3],
      ['quiet-code', 1],
    ] as const) {
      for (let i = 0; i < calls; i++) await ask(mock, who);
    }
    const { body } = await admin.call('GET', 'namespaces?limit=2', undefined, {});
    expect(body.namespaces).toMatchObject([
      { id: mock.namespace('busy-code').id, calls: 3, lastSeen: expect.any(String) },
      { id: mock.namespace('quiet-code').id, calls: 1 },
    ]);
    expect(body.total).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(body)).not.toMatch(/busy-code|quiet-code/);
    const all = await admin.call('GET', 'namespaces', undefined, {});
    expect(all.body.namespaces.at(-1)).toMatchObject({ calls: 0, lastSeen: null });
  });

  it('takes the hash of a namespace in place of its credential', async () => {
    const ns = mock.namespace('known-by-hash');
    const byHash = { 'X-Mock-Namespace': ns.id };
    await admin.call('POST', 'queue', { scenarios: ['10017'] }, byHash);
    expect(ns.queued()).toEqual(['code-10017']);
    await ask(mock, 'known-by-hash');
    expect((await admin.call('GET', 'journal', undefined, byHash)).body.entries).toMatchObject([{ code: '10017' }]);
    expect(await admin.call('GET', 'namespace', undefined, { 'X-Mock-Namespace': '00000000' })).toMatchObject({
      status: 404,
      body: { error: { code: 'no_such_namespace' } },
    });
  });

  it('shows a raw journal masked to whoever knows only the hash', async () => {
    const raw = await startMock({ journal: 'raw', allowRawJournal: true });
    await ask(raw, 'raw-code');
    const journal = async (headers: Record<string, string>) =>
      (await fetch(`${raw.url}/__admin/journal`, { headers })).text();
    expect(await journal({ Authorization: 'APPCODE raw-code' })).toContain(PERSON.idCard);
    const masked = await journal({ 'X-Mock-Namespace': raw.namespace('raw-code').id });
    expect(masked).toContain('160******01');
    for (const secret of [PERSON.name, PERSON.idCard, PERSON.mobile]) expect(masked).not.toContain(secret);
  });

  it('sends a call to a namespace that is known by its hash, and returns what a client gets', async () => {
    const ns = mock.namespace('sent-by-page');
    const send = async (body: object) =>
      (await admin.call('POST', 'calls', body, { 'X-Mock-Namespace': ns.id })).body as Record<string, unknown>;
    const sent = await send({ scenario: 'match' });
    expect(sent).toMatchObject({ httpStatus: 200, decidedBy: 'mobile', failure: null });
    expect(JSON.parse(String(sent['body']))).toMatchObject({ code: '10000', data: { state: '1' } });
    expect(ns.journal()).toMatchObject([{ requestId: sent['requestId'], scenario: 'state-1', channel: 'appcode' }]);
    expect(await send({ scenario: 'fault-reset-at-connect' })).toMatchObject({
      httpStatus: null,
      failure: 'connection',
      body: '',
    });
    expect(await send({ scenario: 'fault-hang', waitMs: 1 })).toMatchObject({ httpStatus: null, failure: 'timeout' });
    expect(String((await send({ scenario: 'fault-gzip-bomb' }))['body']).length).toBeLessThanOrEqual(4096);
    ns.enqueue('10017');
    expect(await send({ scenario: 'match' })).toMatchObject({ decidedBy: 'queue' });
    expect(await admin.call('POST', 'calls', { scenario: 'mach' })).toMatchObject({ status: 422 });
  });

  it('sends a call also over TLS, and where only listed credentials are accepted', async () => {
    const strict = await startMock({ tls: true, appCodes: ['the-only-code'] });
    // A self-signed certificate, which `fetch` would refuse.
    const sent = await new Promise<string>((resolve, reject) => {
      const call = httpsRequest(
        `${strict.url}/__admin/calls`,
        {
          method: 'POST',
          ca: strict.certificate,
          checkServerIdentity: () => undefined,
          headers: { 'X-Mock-Namespace': strict.namespace('the-only-code').id, 'Content-Type': 'application/json' },
        },
        (reply) => reply.setEncoding('utf8').once('data', resolve),
      );
      call.on('error', reject);
      call.end('{"scenario":"match"}');
    });
    expect(JSON.parse(sent)).toMatchObject({ httpStatus: 200, decidedBy: 'mobile' });
    expect(strict.namespace('the-only-code').calls()).toBe(1);
  });

  it('adds rules, shows them masked, and removes one or all', async () => {
    const { body } = await admin.call('POST', 'rules', { when: { mobile: PERSON.mobile }, scenario: 'mismatch' });
    await admin.call('POST', 'rules', { when: { name: PERSON.name }, scenario: 'match' });
    expect((await ask(mock, 'admin')).body.data?.state).toBe('1');
    expect((await admin.call('GET', 'rules')).body.rules).toMatchObject([
      { id: 2, hits: 1 },
      { id: 1, hits: 0 },
    ]);
    expect((await admin.call('DELETE', 'rules?rule=2')).body.rules).toMatchObject([
      { id: body.id, when: { mobile: '160******01' } },
    ]);
    expect((await ask(mock, 'admin')).body.data?.state).toBe('2');
    expect((await admin.call('DELETE', 'rules?rule=2')).status).toBe(404);
    expect((await admin.call('DELETE', 'rules')).body.rules).toEqual([]);
  });

  it('pages through the journal by cursor, and reports evicted entries', async () => {
    for (let i = 0; i < 7; i++) await ask(mock, 'admin');
    const first = (await admin.call('GET', 'journal?limit=2')).body;
    const second = (await admin.call('GET', `journal?limit=3&after=${first.next}`)).body;
    expect([first, second].map(({ entries, next }) => [entries.map((e: { index: number }) => e.index), next])).toEqual([
      [[3, 4], 4],
      [[5, 6, 7], null],
    ]);
    const newest = async (query: string) =>
      (await admin.call('GET', `journal?${query}`)).body.entries.map((e: { index: number }) => e.index);
    expect([await newest('last=2'), await newest('last=2&after=6'), await newest('last=100')]).toEqual([
      [6, 7],
      [7],
      [3, 4, 5, 6, 7],
    ]);
    expect(second).toMatchObject({
      total: 7,
      evicted: 2,
      cost: { calls: 7, fen: 294, cny: '2.94', cnyAtMost: '2.94' },
    });
    expect((await admin.call('DELETE', 'journal')).body).toMatchObject({ entries: [], total: 0, cost: { calls: 0 } });
  });

  it('verifies, waits, names the nearest call, and refuses to judge evicted entries', async () => {
    const waiting = admin.call('POST', 'verify', { match: { mobile: PERSON.mobile }, times: 2, waitMs: 30_000 });
    await ask(mock, 'admin');
    await ask(mock, 'admin');
    expect((await waiting).body).toMatchObject({ ok: true, count: 2 });
    const missed = (await admin.call('POST', 'verify', { match: { mobile: PERSON.mobile, scenario: 'mismatch' } }))
      .body;
    expect(missed).toMatchObject({
      ok: false,
      nearest: [{ differences: [{ field: 'scenario', expected: 'state-2', actual: 'state-1' }] }, {}],
    });
    expect((await admin.call('POST', 'verify')).body.ok).toBe(true);
    for (let i = 0; i < 4; i++) await ask(mock, 'admin');
    const lost = await admin.call('POST', 'verify', { times: 6 });
    expect(lost).toMatchObject({ status: 409, body: { error: { code: 'journal_incomplete' } } });
  });

  it('sets and shows the quota, throttle, latency and clock', async () => {
    expect((await admin.call('PUT', 'quota', { callsLeft: 1, expiresInMs: 3_600_000 })).body).toMatchObject({
      callsLeft: 1,
      balanceFen: null,
    });
    await admin.call('PUT', 'throttle', { callsPerSecond: 5, sameParameter: { limit: 2 } });
    for (const latency of [
      { kind: 'fixed', ms: 0 },
      { kind: 'uniform', minMs: 0, maxMs: 1 },
      { kind: 'lognormal', medianMs: 1, sigma: 0.1 },
      { kind: 'none' },
    ]) {
      expect((await admin.call('PUT', 'latency', latency)).body).toEqual(latency);
    }
    await ask(mock, 'admin');
    expect((await admin.call('GET', 'quota')).body.callsLeft).toBe(0);
    expect((await admin.call('GET', 'throttle')).body).toMatchObject({ callsPerSecond: 5 });
    expect((await admin.call('GET', 'latency')).body).toEqual({ kind: 'none' });
    expect((await admin.call('POST', 'clock', { advanceMs: 86_400_000 })).body.offsetMs).toBe(86_400_000);
    const { body } = await admin.call('GET', 'namespace');
    expect(body).toMatchObject({
      cost: { calls: 1 },
      clock: { offsetMs: 86_400_000 },
      quota: { callsLeft: 0 },
      queueLength: 0,
      rules: 0,
    });
    expect((await admin.call('GET', 'clock')).status).toBe(200);
  });

  it('resets its own namespace, and all namespaces only with `scope: every-namespace`', async () => {
    await ask(mock, 'admin');
    await ask(mock, 'bystander');
    await admin.call('POST', 'reset', {});
    expect([mock.namespace('admin').calls(), mock.namespace('bystander').calls()]).toEqual([0, 1]);
    expect((await admin.call('POST', 'reset', { scope: 'every-namespace' })).body.namespaces).toBeGreaterThan(1);
    expect(mock.namespace('bystander').calls()).toBe(0);
    expect((await admin.call('POST', 'reset', { scope: 'all' })).status).toBe(400);
  });

  it('reports health, readiness and the cost of every namespace without its credential', async () => {
    await ask(mock, 'admin');
    expect((await admin.call('GET', 'health', undefined, {})).body.status).toBe('ok');
    expect((await admin.call('GET', 'ready', undefined, {})).body.status).toBe('ready');
    const { body } = await admin.call('GET', 'metrics', undefined, {});
    expect(body).toContain(`identity_verify_mock_cny_total{namespace="${mock.namespace('admin').id}"} 0.42`);
    expect(body).not.toContain('"admin"');
  });

  it.each([
    ['POST', 'queue', { scenarios: ['mtch'] }, 422, /Did you mean "match"/],
    ['POST', 'queue', { scenarios: [{ scenario: 'match', tims: 1 }] }, 400, /no field "tims". Did you mean "times"/],
    ['POST', 'queue', { scenarios: [{ scenario: 'match', httpStatus: 429 }] }, 422, /only gateway scenarios/],
    ['POST', 'queue', { scenarios: [] }, 400, /scenarios/],
    ['POST', 'queue', '{', 400, /not JSON/],
    ['POST', 'queue', undefined, 400, /body is needed/],
    ['POST', 'queue', '{"scenarios":["match"],"__proto__":{}}', 400, /no field "__proto__"/],
    ['POST', 'rules', { when: {}, scenario: 'match' }, 400, /fewer than 1/],
    ['POST', 'verify', { match: { scenario: 'mtch' } }, 422, /Did you mean/],
    ['PUT', 'latency', { kind: 'fxed', ms: 1 }, 400, /"kind" must be one of none, fixed, uniform, lognormal/],
    ['PUT', 'latency', { kind: 'fixed', sm: 1 }, 400, /no field "sm". Did you mean "ms"/],
    ['PUT', 'latency', { kind: 'uniform', minMs: 1 }, 400, /maxMs/],
    ['PUT', 'latency', { kind: 'fixed', ms: -1 }, 400, /ms.*>= 0/],
    ['PUT', 'quota', { callsLeft: -1 }, 400, /callsLeft.*>= 0/],
    ['POST', 'clock', { advanceMs: -1 }, 400, /advanceMs/],
    ['GET', 'journal?limit=0', undefined, 400, /"limit" must be a whole number from 1/],
    ['GET', 'journal?lmit=1', undefined, 400, /no query "lmit"/],
    ['GET', 'jurnal', undefined, 404, /Did you mean \/__admin\/journal/],
    ['PATCH', 'clock', undefined, 405, /takes GET, POST/],
  ])('refuses %s %s %j with %i', async (method, path, body, status, message) => {
    const refused = await admin.call(method, path, body);
    expect(refused.status).toBe(status);
    expect(refused.body.error.message).toMatch(message);
  });

  it('refuses a body that is too large or has another media type', async () => {
    expect((await admin.call('POST', 'queue', { scenarios: ['x'.repeat(1024 * 1024)] })).status).toBe(413);
    const other = { Authorization: 'APPCODE admin', 'Content-Type': 'text/plain' };
    expect((await admin.call('POST', 'queue', '{"scenarios":["match"]}', other)).status).toBe(415);
  });

  it('requires the credential of the namespace', async () => {
    for (const headers of [{}, { Authorization: 'Bearer x' }, { 'X-Ca-Key': 'k', 'X-Ca-Signature': 'x' }] as Record<
      string,
      string
    >[]) {
      expect((await admin.call('GET', 'namespace', undefined, headers)).status).toBe(401);
    }
  });

  it('accepts an AppKey signature, as the data route does', async () => {
    const body = JSON.stringify({ scenarios: ['mismatch'] });
    const md5 = createHash('md5').update(body).digest('base64');
    const nonce = randomUUID();
    const text = `POST\n*/*\n${md5}\napplication/json\n\nX-Ca-Key:signer\nX-Ca-Nonce:${nonce}\n/__admin/queue`;
    const signature = createHmac('sha256', defaultAppSecret('signer')).update(text).digest('base64');
    const headers = {
      Accept: '*/*',
      'Content-MD5': md5,
      'X-Ca-Key': 'signer',
      'X-Ca-Nonce': nonce,
      'X-Ca-Signature': signature,
      'X-Ca-Signature-Headers': 'X-Ca-Key,X-Ca-Nonce',
    };
    expect((await admin.call('POST', 'queue', body, headers)).status).toBe(201);
    expect(mock.namespace({ appKey: 'signer' }).queued()).toEqual(['state-2']);
    expect((await admin.call('POST', 'queue', body, headers)).body.error.code).toBe('nonce_used');
  });
});

describe('web pages of another site', () => {
  const get = (path: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      httpRequest({ host: '127.0.0.1', port: mock.port, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });

  it.each(['evil.example', 'evil.example:1979', 'localhost.evil.example', '127.0.0.1.evil.example', 'mock'])(
    'cannot use the host name %s (DNS rebinding)',
    async (host) => {
      for (const path of ['/', '/__admin/metrics', '/openapi.json']) expect(await get(path, { Host: host })).toBe(403);
    },
  );

  it.each(['127.0.0.1', '127.0.0.1:1979', 'localhost', 'LOCALHOST:80', '[::1]:80'])(
    'are distinguished from callers that use %s',
    async (host) => {
      expect(await get('/__admin/health', { Host: host })).toBe(200);
    },
  );

  it('cannot call from another origin', async () => {
    expect(await get('/__admin/health', { Origin: 'http://evil.example' })).toBe(403);
    expect(await get('/__admin/health', { Origin: 'null' })).toBe(403);
    expect(await get('/__admin/health', { Host: 'localhost:1', Origin: 'http://localhost:1' })).toBe(200);
  });
});

describe('a mock that listens beyond loopback', () => {
  it('requires its admin token except for the probes, and accepts the allowed host names', async () => {
    const open = await startMock({ host: '127.0.0.1', adminToken: 'a-token', allowedHosts: ['Mock'] });
    const call = (path: string, headers: Record<string, string> = {}) =>
      fetch(open.url + path, { headers }).then(({ status }) => status);
    const authorization = { Authorization: 'APPCODE x' };
    expect(await call('/__admin/health')).toBe(200);
    expect(await call('/__admin/metrics')).toBe(401);
    expect(await call('/__admin/namespace', authorization)).toBe(401);
    expect(await call('/__admin/namespace', { ...authorization, 'X-Mock-Admin-Token': 'a-tokem' })).toBe(401);
    expect(await call('/__admin/namespace', { ...authorization, 'X-Mock-Admin-Token': 'a-token' })).toBe(200);
    const named = await new Promise((resolve) => {
      httpRequest(
        { port: open.port, host: '127.0.0.1', path: '/__admin/health', headers: { Host: 'mock:1979' } },
        (r) => resolve(r.resume().statusCode),
      ).end();
    });
    expect(named).toBe(200);
  });
});

it('the tests above call every operation of the document, and every reply conforms to it', () => {
  const documented = Object.entries(admin.document.paths)
    .filter(([path]) => path.startsWith('/__admin'))
    .flatMap(([, operations]) => Object.values(operations ?? {}).map((operation) => operation?.operationId));
  const called = new Set([...admin.covered].map((id) => id.split(' ')[0]));
  expect(documented.filter((id) => !called.has(id ?? ''))).toEqual([]);
});
