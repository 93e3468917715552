import { TEST_POPULATION } from '@identity-verify/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startSample, type RunningSample } from './sample.harness.js';

// Long enough for a busy machine; a hang still fails.
jest.setTimeout(60_000);

const [alpha, beta] = TEST_POPULATION;
const withMobile = (mobile: string) => ({ ...alpha, mobile });

interface Identity {
  readonly name: string;
  readonly idCard: string;
  readonly mobile: string;
}

let sample: RunningSample;
beforeAll(async () => {
  sample = await startSample({ IDENTITY_VERIFY_DEADLINE_MS: '3000' });
});
beforeEach(async () => {
  await send('POST', '/playground/reset');
});
afterAll(() => sample.close());

async function send(method: string, path: string, body?: unknown) {
  const reply = await fetch(sample.url + path, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: reply.status, text: await reply.text() };
}

const fresh = async () => JSON.parse((await send('POST', '/playground/fresh')).text) as Identity;
const ask = async (identity: unknown) => (await sample.post('/verifications', identity)).body ?? {};
const mock = async () =>
  (await sample.get('/playground/mock')).body as { trouble: string; total: number; calls: { index: number }[] };
const answers = async (after = 0) =>
  ((await sample.get(`/status/answers?after=${after}`)).body?.['answers'] ?? []) as Record<string, unknown>[];

describe('the playground', () => {
  it('undoes a closed latch, an open circuit and what is kept for a person', async () => {
    sample.upstream.enqueue('code-10009');
    await ask(await fresh());
    expect((await ask(await fresh()))['code']).toBe('IDV_LATCHED');
    expect((await send('POST', '/playground/undo/latch')).status).toBe(204);
    expect((await ask(beta))['outcome']).toBe('match');

    for (let n = 0; n < 5; n++) sample.upstream.enqueue('code-10015');
    for (let n = 0; n < 5; n++) await ask(await fresh());
    expect((await ask(await fresh()))['code']).toBe('IDV_CIRCUIT_OPEN');
    expect((await send('POST', '/playground/undo/circuit')).status).toBe(204);

    expect((await ask(beta))['source']).toBe('ledger');
    await send('POST', '/playground/undo/person', beta);
    expect((await ask(beta))['source']).toBe('upstream');
  });

  it('puts everything back on reset: latch, circuit, answers, subject limits, doubts, troubles and journal', async () => {
    for (let n = 1; n <= 6; n++) await ask(withMobile(`1600002004${n}`));
    expect((await ask(withMobile('16000020047')))['code']).toBe('IDV_SUBJECT_LIMIT');
    const asked = [await fresh(), beta];
    sample.upstream.enqueue('fault-reset-after-request');
    for (const identity of asked) await ask(identity);
    expect((await ask(asked[0]))['code']).toBe('IDV_IN_DOUBT');
    await send('PUT', '/playground/trouble/quota');
    await ask(await fresh());
    expect((await send('POST', '/playground/reset')).status).toBe(204);

    expect(await mock()).toMatchObject({ trouble: 'none', total: 0, calls: [] });
    expect(await answers()).toEqual([]);
    for (const identity of [...asked, withMobile('16000020047')])
      expect(await ask(identity)).toMatchObject({ source: 'upstream' });
  });

  it('ends with a trouble what the trouble did', async () => {
    await send('PUT', '/playground/trouble/quota');
    await ask(await fresh());
    expect((await sample.get('/status')).body).toMatchObject({ latch: { name: 'quota' } });
    await send('DELETE', '/playground/trouble');
    expect((await sample.get('/status')).body).toMatchObject({ latch: null });
    expect(await ask(await fresh())).toMatchObject({ source: 'upstream' });
  });

  it('reads from the mock which trouble is on, whoever started it', async () => {
    for (const trouble of ['busy', 'quota', 'slow', 'dropping', 'hanging']) {
      await send('PUT', `/playground/trouble/${trouble}`);
      expect(await mock()).toMatchObject({ trouble });
    }
    await send('DELETE', '/playground/trouble');
    sample.upstream.enqueue('mismatch');
    expect(await mock()).toMatchObject({ trouble: 'other' });
    sample.upstream.reset();
    sample.upstream.setQuota({ callsLeft: 0 });
    expect(await mock()).toMatchObject({ trouble: 'quota' });
  });

  it('shows the newest calls, the newest first, also after many and after a reset by somebody else', async () => {
    const call = () =>
      fetch(`${String(upstreamUrl)}/communication/personal/1979`, {
        method: 'POST',
        headers: {
          authorization: 'APPCODE identity-verify-sample',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ name: beta.name, idcard: beta.idCard, mobile: beta.mobile }),
      });
    const upstreamUrl = (await sample.get('/playground/mock')).body?.['url'];
    for (let n = 0; n < 130; n++) await (await call()).text();
    const { calls, total } = await mock();
    expect(total).toBe(130);
    expect(calls.map(({ index }) => index)).toEqual(Array.from({ length: 20 }, (_, n) => 130 - n));
    sample.upstream.reset();
    await (await call()).text();
    expect((await mock()).calls.map(({ index }) => index)).toEqual([1]);
  });

  it('keeps the last answers of all routes and instances, with attempts and without a person', async () => {
    const [first] = await answers();
    expect(first).toBeUndefined();
    sample.upstream.enqueue('code-10017');
    const reply = await sample.post('/verifications', beta);
    await sample.post('/enrolments', withMobile('16000000002'));
    await sample.post('/loan-applications', alpha);
    const kept = await answers();
    expect(kept).toMatchObject([
      {
        requestId: reply.headers.get('x-request-id'),
        outcome: 'match',
        source: 'upstream',
        attempts: [
          { upstreamCode: '10017', billed: 'no' },
          { upstreamCode: '10000', billed: 'yes' },
        ],
      },
      { purpose: 'enrolment', outcome: 'mismatch' },
      { instance: 'lending', purpose: 'loan', outcome: 'match' },
    ]);
    const text = JSON.stringify(kept);
    for (const value of [...Object.values(alpha), ...Object.values(beta)]) expect(text).not.toContain(value);
    expect(await answers(Number(kept[1]?.['index']))).toHaveLength(1);
  });

  it('does not log what the page polls, and logs every question', async () => {
    const before = sample.lines.length;
    const routes = () => sample.lines.slice(before).map((line) => (JSON.parse(line) as { route?: string }).route);
    await sample.get('/status/answers');
    await sample.get('/playground/mock');
    await sample.get('/page.css');
    await ask(beta);
    // The lines come through a pipe, after the reply.
    while (!routes().includes('/verifications')) await sample.get('/status');
    expect(routes().filter((route) => route !== '/playground/reset')).toEqual(['/verifications']);
  });
});

it('takes a caller who gives up at their word: what was sent goes on, and is answered from the ledger', async () => {
  const caller = new AbortController();
  sample.upstream.setLatency({ kind: 'fixed', ms: 300 });
  const gone = fetch(`${sample.url}/verifications`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alpha),
    signal: caller.signal,
  }).catch(() => 'gone');
  await sample.upstream.verify({ times: { atLeast: 1 }, waitMs: 50_000 });
  caller.abort();
  expect(await gone).toBe('gone');
  sample.upstream.setLatency({ kind: 'none' });
  expect(await ask(alpha)).toMatchObject({ outcome: 'match' });
  expect(sample.upstream.calls()).toBe(1);
  expect(await answers()).toMatchObject([{ errorCode: 'IDV_ABORTED' }, { outcome: 'match' }]);
});
