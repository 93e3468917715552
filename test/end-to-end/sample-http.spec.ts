import { TEST_POPULATION } from '@identity-verify/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSample, type RunningSample } from './sample.harness.js';

const [alpha, beta] = TEST_POPULATION;
const PROBLEM = 'application/problem+json';

let sample: RunningSample;
beforeAll(async () => {
  sample = await startSample();
});
beforeEach(() => sample.upstream.reset());
afterAll(() => sample.close());

const withMobile = (mobile: string) => ({ ...alpha, mobile });

describe('POST /verifications', () => {
  it('answers a match with outcome, code, seqNo, billed and source, and no part of the identity', async () => {
    const reply = await sample.post('/verifications', alpha);
    expect(reply).toMatchObject({
      status: 200,
      type: 'application/json',
      body: { outcome: 'match', code: '10000', billed: 'yes', source: 'upstream', seqNo: expect.any(String) },
    });
    expect(sample.upstream.journal()).toMatchObject([{ seqNo: reply.body?.['seqNo'], billed: 'yes' }]);
    for (const value of Object.values(alpha)) expect(reply.text).not.toContain(value);
  });

  it('pays once for the same identity', async () => {
    const first = await sample.post('/verifications', beta);
    const second = await sample.post('/verifications', { ...beta, mobile: `+86 ${beta.mobile}` });
    expect(second.body).toMatchObject({
      outcome: 'match',
      source: 'ledger',
      billed: 'no',
      seqNo: first.body?.['seqNo'],
    });
    expect(sample.upstream.cost()).toMatchObject({ calls: 1, billed: 1 });
  });

  it.each([
    ['16000000002', 'mismatch'],
    ['16000000000', 'indeterminate'],
    ['16000010001', 'no_record'],
  ])('answers %s with 200 and %s', async (mobile, outcome) => {
    const reply = await sample.post('/verifications', { ...TEST_POPULATION[2], mobile });
    expect(reply).toMatchObject({ status: 200, body: { outcome } });
  });

  it('answers an upstream error with problem details that do not expose the state of the account', async () => {
    sample.upstream.enqueue('code-10015');
    const reply = await sample.post('/verifications', withMobile('16000020011'));
    expect(reply).toMatchObject({ status: 502, type: PROBLEM, body: { status: 502, code: 'IDV_UPSTREAM_FAILURE' } });
    expect(reply.text).not.toMatch(/10015|系统错误/);
  });
});

describe('POST /enrolments', () => {
  it('opens one account per person for every spelling of the number', async () => {
    const person = TEST_POPULATION[1];
    const wide = (text: string) => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
    const spellings = [
      person,
      { ...person, idCard: wide(person.idCard) },
      { ...person, idCard: ` ${person.idCard.toLowerCase()} ` },
      { ...person, name: ` ${person.name}`, mobile: wide(person.mobile) },
    ];
    const replies = [];
    for (const spelling of spellings) replies.push((await sample.post('/enrolments', spelling)).body);
    expect(replies.map((reply) => reply?.['created'])).toEqual([true, false, false, false]);
    expect(new Set(replies.map((reply) => reply?.['subjectId'])).size).toBe(1);
  });

  it('answers 201 for a match', async () => {
    const reply = await sample.post('/enrolments', alpha);
    expect(reply).toMatchObject({ status: 201, body: { created: true, subjectId: expect.any(String) } });
    for (const value of Object.values(alpha)) expect(reply.text).not.toContain(value);
  });

  it('answers a mismatch, no record and an indeterminate answer with the same 403, byte for byte', async () => {
    const replies = [];
    for (const scenario of ['mismatch', 'code-10001', 'state-3']) {
      sample.upstream.enqueue(scenario);
      replies.push(await sample.post('/enrolments', { ...beta, mobile: `160000200${20 + replies.length}` }));
    }
    for (const reply of replies) expect(reply).toMatchObject({ status: 403, type: PROBLEM });
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect(replies[0]?.text).not.toMatch(/name|idCard|mobile|mismatch|record/i);
  });

  it('answers 503, never 403 or 201, without an answer of the upstream', async () => {
    sample.upstream.enqueue('code-10013');
    const reply = await sample.post('/enrolments', withMobile('16000020012'));
    expect(reply).toMatchObject({ status: 503, type: PROBLEM });
  });
});

describe.each(['/verifications', '/enrolments'])('invalid input to POST %s', (path) => {
  const good = { name: alpha.name, idCard: alpha.idCard, mobile: alpha.mobile };
  const cases: [what: string, body: unknown, status: number, headers?: Record<string, string>][] = [
    ['broken JSON', `{"name":"${alpha.name}"`, 400],
    ['JSON that is no object', '"text"', 400],
    ['a list', '[]', 422],
    ['an empty body', '', 422],
    ['a missing field', { name: alpha.name, idCard: alpha.idCard }, 422],
    ['fields of wrong types', { name: 5, idCard: [alpha.idCard], mobile: { $gt: '' } }, 422],
    ['a null field', { ...good, mobile: null }, 422],
    ['an invalid check character', { ...good, idCard: `${alpha.idCard.slice(0, -1)}5` }, 422],
    ['11 digits that are no mobile', { ...good, mobile: '12345678901' }, 422],
    ['a name of emoji', { ...good, name: '😀😀' }, 422],
    ['a body of 1 MB', JSON.stringify({ ...good, name: '测'.repeat(349_000) }), 413],
    [
      'a body that is not UTF-8 by its label',
      JSON.stringify(good),
      415,
      { 'content-type': 'application/json; charset=gbk' },
    ],
  ];
  it.each(cases.map(([what, body, status, headers = {}]) => ({ what, body, status, headers })))(
    'answers $what with a problem document, and makes no call',
    async ({ body, status, headers }) => {
      const reply = await sample.post(path, body, headers);
      expect(reply).toMatchObject({ status, type: PROBLEM, body: { status, title: expect.any(String) } });
      expect(sample.upstream.calls()).toBe(0);
      for (const value of Object.values(good)) expect(reply.text).not.toContain(value);
    },
  );

  it('names every invalid field and the reason', async () => {
    const { body } = await sample.post(path, { name: '', idCard: '1', mobile: '2' });
    const violations = body?.['violations'] as { field: string; reason: string; message: string }[];
    expect(violations.map(({ field, reason }) => `${field} ${reason}`)).toEqual([
      'name name_required',
      'idCard id_number_format',
      'mobile mobile_format',
    ]);
  });
});

it('answers an unknown path with a problem document', async () => {
  expect(await sample.get('/nowhere')).toMatchObject({ status: 404, type: PROBLEM });
});
