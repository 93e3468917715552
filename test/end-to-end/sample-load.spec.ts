import { TEST_POPULATION } from '@identity-verify/contract';
import { checkIdNumber } from '@identity-verify/nestjs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { startSample, type RunningSample } from './sample.harness.js';

const REQUESTS = process.env['TEST_LONG'] ? 5_000 : 1_400;
const CONCURRENCY = 24;
const FEN_PER_CALL = 42;
const [{ name }] = TEST_POPULATION;

const ANSWERS = ['16000000001', '16000000002', '16000000003', '16000000000', '16000010001'] as const;
// Errors of the vendor, its gateway and the connection.
const VENDOR_ERRORS = ['16000010007', '16000010017', '16000010012', '16000010015', '16000010018'] as const;
const ERRORS = [...VENDOR_ERRORS, '16000040311', '16000050001', '16000099001', '16000099003', '16000099013'] as const;

/** The mobiles of a round: an answer follows every error, so that the circuit stays mostly closed. */
const ROUND = ERRORS.flatMap((error, index) => [ANSWERS[index % ANSWERS.length] ?? ANSWERS[0], error]);

/** A synthetic person: born 1900-01-01, one of 1,000 in each of 31 provinces. */
function idNumber(index: number): string {
  const provinces = [11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45];
  const digits = `${provinces[Math.floor(index / 1_000)]}010119000101${String(index % 1_000).padStart(3, '0')}`;
  const last = Array.from('0123456789X').find((each) => checkIdNumber(digits + each, { today: 20_000_101 }).ok);
  return `${digits}${last}`;
}

interface Request {
  readonly path: string;
  readonly identity: { readonly name: string; readonly idCard: string; readonly mobile: string };
}

/** Two of three requests are unique; the third is a repeated match. */
function* requests(): Generator<Request> {
  let own = 0;
  for (let index = 0; index < REQUESTS; index++) {
    const repeat = index % 3 === 2;
    const person = repeat ? Math.floor(index / (3 * ROUND.length)) : 3_000 + index;
    const mobile = (repeat ? undefined : ROUND[own++ % ROUND.length]) ?? ANSWERS[0];
    yield { path: '/verifications', identity: { name, idCard: idNumber(person), mobile } };
  }
}

describe(`a load of ${REQUESTS} requests with mixed scenarios`, () => {
  let folder: string;
  let sample: RunningSample;
  const statuses = new Map<number, number>();
  const billed = { yes: 0, no: 0, unknown: 0 };
  /** Calls whose connection was lost, as the sample reports them. */
  let lost = 0;
  let warmBytes = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'identity-verify-load-'));
    sample = await startSample({
      SAMPLE_DATABASE: `file:${join(folder, 'sample.db')}`,
      SAMPLE_LOG_LEVEL: 'debug',
      // The errors open the circuit now and then. A fast machine would be done before it closes.
      IDENTITY_VERIFY_CIRCUIT_OPEN_MS: '100',
      // So long that no busy machine reaches it: the mock would not have in its journal what never arrived.
      IDENTITY_VERIFY_DEADLINE_MS: '120000',
      NODE_OPTIONS: '--inspect=127.0.0.1:0',
      IDENTITY_VERIFY_CALLS_PER_DAY: '1000000',
      // There are few reserved mobiles, and each is used with many people.
      IDENTITY_VERIFY_SUBJECT_LIMIT: '10000',
    });
    let answered = 0;
    const queue = requests();
    const worker = async () => {
      for (const { path, identity } of queue) {
        const { status, body } = await sample.post(path, identity);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        billed[body?.['billed'] as keyof typeof billed]++;
        if (body?.['code'] === 'IDV_CONNECTION_LOST') lost++;
        // A verified person enrols: the ledger answers, and the database keeps the account.
        if (body?.['outcome'] === 'match' && answered % 5 === 0) await sample.post('/enrolments', identity);
        if (++answered === REQUESTS / 2) warmBytes = await keptBytes(sample);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  }, 300_000);

  afterAll(async () => {
    await sample.close();
    await rm(folder, { recursive: true, force: true });
  }, 120_000);

  it('is answered with documented statuses only', () => {
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 422, 502, 503]));
    for (const status of statuses.keys()) expect([200, 422, 429, 502, 503, 504]).toContain(status);
    expect([...statuses.values()].reduce((sum, count) => sum + count)).toBe(REQUESTS);
  });

  it('reports a cost per request, and the sum equals the cost in the journal of the mock', async () => {
    const cost = sample.upstream.cost();
    expect(billed.yes).toBe(cost.billed);
    // On a busy machine, the mock closes an idle connection just as the sample uses it again. Such a call is lost, and
    // counts as possibly billed, but it never arrived: the journal has none of it.
    const withoutReply = sample.upstream.journal().filter(({ httpStatus }) => httpStatus === null).length;
    const neverArrived = lost - withoutReply;
    expect(neverArrived).toBeGreaterThanOrEqual(0);
    expect(billed.unknown).toBe(cost.unknown + neverArrived);
    const fen = (billed.yes + billed.unknown) * FEN_PER_CALL;
    expect(fen).toBe(cost.fenAtMost + neverArrived * FEN_PER_CALL);
    const { today } = (await sample.get('/status')).body as { today: { calls: number; cny: number } };
    expect(today).toMatchObject({ calls: billed.yes + billed.unknown, cny: fen / 100 });
    const { text: metrics } = await sample.get('/metrics');
    const spend = /^identity_verify_spend\w*\{[^}]*identity_verify_instance="default"[^}]*\} (\S+)/m.exec(metrics);
    expect(Number(spend?.[1])).toBeCloseTo(fen / 100, 6);
    expect(billed.yes).toBeGreaterThan(100);
    expect(billed.unknown).toBeGreaterThan(100);
  });

  it('keeps the memory flat', async () => {
    // What the second half of the load leaves behind: the ledger keeps an answer for each of its people.
    const bytesPerRequest = ((await keptBytes(sample)) - warmBytes) / (REQUESTS / 2);
    expect(bytesPerRequest).toBeLessThan(2_000);
  });

  it('writes no part of an identity to log, metrics or database', async () => {
    const files = await readdir(folder);
    const contents = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    const { text: metrics } = await sample.get('/metrics');
    const everything = [...sample.lines, metrics, ...contents].join('\n');
    expect(sample.lines.length).toBeGreaterThan(REQUESTS);
    expect(metrics).toContain('identity_verify_verifications_total');
    expect(everything).toMatch(/CREATE TABLE enrolments/i);
    expect(everything).not.toContain(name);
    expect(everything).not.toContain('0119000101');
    expect(everything).not.toMatch(/(?<![0-9A-F])160000\d{5}(?![0-9A-F])/);
  });
});

/** The bytes that are reachable on the heap of the program, after a collection that its inspector was told to make. */
async function keptBytes({ lines }: RunningSample): Promise<number> {
  const url = lines.map((line) => /^Debugger listening on (ws:\S+)/.exec(line)?.[1]).find(Boolean);
  if (url === undefined) throw new Error('the program has no inspector');
  const inspector = new WebSocket(url);
  await once(inspector, 'open');
  const ask = async (id: number, method: string) => {
    const answer = once(inspector, 'message') as Promise<[Buffer]>;
    inspector.send(JSON.stringify({ id, method }));
    return (JSON.parse(String((await answer)[0])) as { result: { usedSize: number } }).result;
  };
  try {
    await ask(1, 'HeapProfiler.collectGarbage');
    return (await ask(2, 'Runtime.getHeapUsage')).usedSize;
  } finally {
    inspector.close();
  }
}
