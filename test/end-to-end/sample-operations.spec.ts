import { ERROR_CODES } from '@identity-verify/nestjs';
import { createClient } from '@libsql/client';
import { TEST_POPULATION } from '@identity-verify/contract';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSample, type RunningSample } from './sample.harness.js';

// Long enough for a busy machine; a hang still fails.
jest.setTimeout(60_000);

const [alpha, beta] = TEST_POPULATION;
const PROBLEM = 'application/problem+json';
/** Asks as a client behind a proxy. @returns the status */
const askAs = async (sample: RunningSample, client: string) =>
  (await sample.post('/verifications', alpha, { 'x-forwarded-for': client })).status;
const identities = [...TEST_POPULATION.flatMap((person) => Object.values(person)), '16000000002'];

describe('the sample in operation', () => {
  let folder: string;
  let sample: RunningSample;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'identity-verify-sample-'));
    sample = await startSample({
      SAMPLE_DATABASE: `file:${join(folder, 'sample.db')}`,
      SAMPLE_LOG_LEVEL: 'debug',
      IDENTITY_VERIFY_DEADLINE_MS: '1500',
      LENDING_CALLS_PER_DAY: '1',
    });
  });
  afterAll(async () => {
    await sample.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('can keep its ledger in memory', async () => {
    expect(await sample.get('/status')).toMatchObject({ body: { ledger: 'memory' } });
  });

  it('is alive and ready, without a call', async () => {
    expect(await sample.get('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await sample.get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(sample.upstream.calls()).toBe(0);
  });

  it('opens one account per person, even if they enrol twice', async () => {
    const first = await sample.post('/enrolments', alpha);
    const second = await sample.post('/enrolments', { ...alpha, idCard: alpha.idCard.toLowerCase() });
    expect([first.status, first.body?.['created']]).toEqual([201, true]);
    expect([second.status, second.body?.['created']]).toEqual([201, false]);
    expect(second.body?.['subjectId']).toBe(first.body?.['subjectId']);
  });

  it('keeps the ledger and the budget of a named instance separate', async () => {
    expect((await sample.post('/loan-applications', alpha)).status).toBe(201);
    expect(await sample.post('/loan-applications', beta)).toMatchObject({
      status: 503,
      type: PROBLEM,
      body: { code: 'IDV_BUDGET_EXHAUSTED' },
    });
    expect((await sample.post('/verifications', beta)).status).toBe(200);
  });

  it('reports the phases of a verification in Server-Timing', async () => {
    const { headers } = await sample.post('/verifications', { ...beta, mobile: '16000000002' });
    const steps = headers
      .get('server-timing')
      ?.split(', ')
      .map((span) => span.split(';', 1)[0]);
    expect(steps).toEqual(['validate', 'claim', 'call', 'settle', 'attempt1']);
    const hit = await sample.post('/verifications', { ...beta, mobile: '16000000002' });
    expect(hit.headers.get('server-timing')).not.toMatch(/call|attempt/);
  });

  it('sends security headers', async () => {
    const { headers } = await sample.get('/');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|https?:/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  describe('its documentation', () => {
    interface Route {
      readonly summary: string;
      readonly requestBody: {
        readonly content: Record<string, { readonly examples: Record<string, { value: object }> }>;
      };
      readonly responses: Record<
        string,
        { description: string; content?: Record<string, { schema: object; examples?: object }> }
      >;
    }
    let paths: Record<string, { readonly post: Route }>;
    let schemas: Record<string, { readonly properties: Record<string, { readonly enum?: readonly string[] }> }>;
    beforeAll(async () => {
      const { body } = await sample.get('/docs-json');
      const { components, ...document } = body as { components: { schemas: typeof schemas }; paths: typeof paths };
      ({ paths } = document);
      ({ schemas } = components);
    });
    const ROUTES = ['/verifications', '/enrolments', '/loan-applications'];

    it('is a page, with all routes', async () => {
      expect((await sample.get('/docs')).status).toBe(200);
      expect(Object.keys(paths)).toEqual(expect.arrayContaining([...ROUTES, '/health/ready']));
    });

    it.each(ROUTES)('describes success and every problem of %s, in both languages', (route) => {
      const { summary, responses } = paths[route]!.post;
      const success = route === '/verifications' ? '200' : '201';
      expect(Object.keys(responses)).toEqual(
        expect.arrayContaining([success, '400', '413', '415', '422', '428', '429', '502', '503', '504']),
      );
      for (const text of [summary, ...Object.values(responses).map(({ description }) => description)]) {
        expect(text).toMatch(/[A-Za-z].*·.*\p{Script=Han}/u);
      }
      for (const [status, { content }] of Object.entries(responses)) {
        const [body] = Object.values(content ?? {});
        expect(body?.schema).toEqual({ $ref: expect.any(String) });
        if (status !== success) expect(Object.keys(body?.examples ?? {})).not.toEqual([]);
      }
    });

    it('lists every code that the application answers, each with an example of its document', () => {
      const examples = Object.values(paths['/verifications']!.post.responses).flatMap(({ content }) =>
        Object.keys(Object.values(content ?? {})[0]?.examples ?? {}),
      );
      expect(schemas['Problem']?.properties['code']?.enum).toEqual(
        examples
          .filter((name) => name.startsWith('IDV_'))
          .toSorted((a, b) => Object.keys(ERROR_CODES).indexOf(a) - Object.keys(ERROR_CODES).indexOf(b)),
      );
      expect(schemas['Problem']?.properties['code']?.enum).toEqual(expect.arrayContaining(['IDV_BUSY', 'IDV_LATCHED']));
    });

    it('has examples that can all be sent, more than once, without a limit in the way', async () => {
      const { examples } = Object.values(paths['/verifications']!.post.requestBody.content)[0]!;
      expect(Object.keys(examples)).toHaveLength(6);
      const codes = [];
      for (const { value } of [...Object.values(examples), ...Object.values(examples)]) {
        codes.push((await sample.post('/verifications', value)).body?.['code']);
      }
      expect(codes).not.toContain('IDV_SUBJECT_LIMIT');
    });
  });

  it('exports the decisions of the ledger to Prometheus', async () => {
    const { text } = await sample.get('/metrics');
    expect(text).toMatch(/identity_verify_verifications_total\{[^}]*identity_verify_outcome="match"[^}]*\} \d/);
    expect(text).toMatch(/identity_verify_calls_billed_total\{[^}]*identity_verify_billed="yes"[^}]*\} \d/);
    expect(text).toMatch(/identity_verify_ledger_claims_total\{[^}]*refused_budget_day/);
  });

  it('writes no part of an identity to log, metrics, audit trail or database', async () => {
    await sample.post('/verifications', `{"name":"${alpha.name}","idCard":"${alpha.idCard}`);
    await sample.get(`/verifications/${alpha.idCard}?mobile=${alpha.mobile}`);
    const { text: metrics } = await sample.get('/metrics');
    const database = createClient({ url: `file:${join(folder, 'sample.db')}` });
    const { rows: audit } = await database.execute('SELECT * FROM audit');
    const { rows: enrolments } = await database.execute('SELECT * FROM enrolments');
    database.close();
    const log = sample.lines.join('\n');

    expect(log).toContain('"route":"/enrolments"');
    expect(audit.length).toBeGreaterThan(3);
    expect(enrolments).toHaveLength(1);
    const everything = [log, metrics, JSON.stringify(audit), JSON.stringify(enrolments)].join('\n');
    for (const value of identities) expect(everything).not.toContain(value);
    expect(everything).not.toContain('identity-verify-sample-app-code');
  });

  it('stays ready while the upstream refuses every call, and reports the latch', async () => {
    sample.upstream.enqueue('gateway-quota-exhausted');
    expect((await sample.post('/verifications', { ...beta, mobile: '16000020033' })).status).toBe(503);
    expect(await sample.get('/health/ready')).toMatchObject({
      status: 200,
      body: { details: { identityVerify: { status: 'up', refusing: 'latched', latch: 'quota' } } },
    });
    expect(await sample.get('/health/live')).toMatchObject({ status: 200 });
    expect((await sample.get('/status')).body).toMatchObject({ latch: { name: 'quota' } });
  });
});

it('finishes pending requests on shutdown', async () => {
  const sample = await startSample();
  sample.upstream.setLatency({ kind: 'fixed', ms: 500 });
  const underWay = sample.post('/verifications', alpha);
  await sample.upstream.verify({ times: { atLeast: 1 }, waitMs: 50_000 });
  const exit = sample.close();
  expect(await underWay).toMatchObject({ status: 200, body: { outcome: 'match' } });
  expect(await exit).toBe('SIGTERM');
});

it('limits the requests of an address per minute, whatever a client says of its own', async () => {
  const sample = await startSample({ SAMPLE_REQUESTS_PER_MINUTE: '2' });
  const statuses = [];
  for (const client of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) statuses.push(await askAs(sample, client));
  expect(statuses).toEqual([200, 200, 429]);
  expect(await sample.post('/verifications', alpha)).toMatchObject({ type: PROBLEM, body: { status: 429 } });
  expect((await sample.get('/health/live')).status).toBe(200);
  await sample.close();
});

it('distinguishes clients behind a proxy when it trusts the proxy', async () => {
  const proxied = await startSample({ SAMPLE_REQUESTS_PER_MINUTE: '1', SAMPLE_TRUSTED_PROXIES: '127.0.0.1' });
  const statuses = [];
  for (const client of ['192.0.2.1', '192.0.2.2', '192.0.2.1', '198.51.100.9, 192.0.2.2'])
    statuses.push(await askAs(proxied, client));
  await proxied.close();
  expect(statuses).toEqual([200, 200, 429, 429]);
});

describe('the page of another site', () => {
  let sample: RunningSample;
  beforeAll(async () => {
    sample = await startSample({ SAMPLE_ALLOWED_HOSTS: 'app.example' });
  });
  afterAll(() => sample.close());

  /** Uses `node:http`, because `fetch` sets Host itself. */
  const send = (method: string, path: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const all = { 'Content-Type': 'application/json', ...headers };
      request(sample.url + path, { method, headers: all }, (reply) => resolve(reply.resume().statusCode))
        .on('error', reject)
        .end(method === 'POST' ? JSON.stringify(alpha) : undefined);
    });

  it.each([
    ['POST', '/verifications'],
    ['POST', '/enrolments'],
    ['POST', '/loan-applications'],
    ['PUT', '/playground/trouble/quota'],
    ['DELETE', '/playground/trouble'],
    ['POST', '/playground/reset'],
    ['POST', '/playground/undo/latch'],
    ['GET', '/playground/mock'],
    ['GET', '/status'],
    ['GET', '/docs-json'],
    ['GET', '/'],
  ])('cannot reach %s %s under its own host name or from its own origin', async (method, path) => {
    expect(await send(method, path, { Host: 'evil.example:3000' })).toBe(403);
    expect(await send(method, path, { Origin: 'http://evil.example' })).toBe(403);
    expect(sample.upstream.calls()).toBe(0);
    expect(sample.upstream.quota().callsLeft).toBeNull();
  });

  it('is distinguished from an allowed host name', async () => {
    expect(await send('GET', '/status', { Host: 'app.example', Origin: 'https://app.example' })).toBe(200);
  });
});

describe.each([
  // A host that cannot exist: sending anything results in 503.
  ['straight', { IDENTITY_VERIFY_BASE_URL: 'https://upstream.invalid' }],
  // The mock acts as a local proxy.
  ['through a proxy on this machine', {}],
])('with real credentials, %s', (_, environment: Record<string, string>) => {
  let sample: RunningSample;
  beforeAll(async () => {
    sample = await startSample({ IDENTITY_VERIFY_APP_CODE: 'app-code-for-tests', ...environment });
  });
  afterAll(() => sample.close());

  it.each(['/verifications', '/enrolments', '/loan-applications'])('requires a confirmation for %s', async (path) => {
    expect(await sample.post(path, alpha)).toMatchObject({ status: 428, type: PROBLEM });
  });

  it('refuses test identities, with or without a confirmation', async () => {
    const reply = await sample.post('/verifications', alpha, { 'x-confirm-paid-call': 'yes' });
    expect(reply).toMatchObject({ status: 422, body: { code: 'IDV_TEST_IDENTITY_REFUSED' } });
  });

  it('reports it in the status, and disables the playground', async () => {
    expect((await sample.get('/status')).body).toMatchObject({ live: true, fenPerCall: 42 });
    expect((await sample.get('/playground/identities')).status).toBe(404);
  });
});
