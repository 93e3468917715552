import { TEST_POPULATION } from '@identity-verify/contract';

const JSON_TYPE = /^application\/json; charset=utf-8$/;
const PROBLEM_TYPE = /^application\/problem\+json(?:; charset=utf-8)?$/;
/** In milliseconds. Only a program that hangs reaches it. */
const REPLY_TIMEOUT = 30_000;

/**
 * What is asked of the guarded route, in this order: which person, with which mobile, and what must come back. The last digits of
 * a mobile choose what the mock answers. Typed in from the documents, not read from the tables that the packages use.
 */
const QUESTIONS = [
  { what: 'a match', person: 0, status: 201 },
  { what: 'the same question again', person: 0, status: 201 },
  { what: 'a mismatch', person: 0, mobile: '16000000002', status: 403, code: 'IDV_DENIED' },
  { what: 'no record', person: 0, mobile: '16000010001', status: 403, code: 'IDV_DENIED' },
  { what: 'a success without a state', person: 0, mobile: '16000000000', status: 403, code: 'IDV_DENIED' },
  { what: 'state 3', person: 0, mobile: '16000000003', status: 403, code: 'IDV_DENIED' },
  { what: 'a sixth mobile', person: 0, mobile: '16000020009', status: 429, code: 'IDV_SUBJECT_LIMIT', waits: true },
  { what: 'a mobile that is none', person: 1, mobile: '1', status: 422, code: 'IDV_INPUT_INVALID' },
  { what: '10007', person: 1, mobile: '16000010007', status: 422, code: 'IDV_UPSTREAM_INVALID_INPUT' },
  { what: '10015', person: 1, mobile: '16000010015', status: 502, code: 'IDV_UPSTREAM_FAILURE' },
  { what: '10015 in doubt', person: 1, mobile: '16000010015', status: 503, code: 'IDV_IN_DOUBT', waits: true },
  { what: 'a match after failures', person: 1, status: 201 },
  { what: '10012', person: 2, mobile: '16000010012', status: 504, code: 'IDV_UPSTREAM_TIMEOUT' },
  { what: '10019', person: 2, mobile: '16000010019', status: 429, code: 'IDV_SAME_PARAMETER_LIMIT' },
  {
    what: '10019 again',
    person: 2,
    mobile: '16000010019',
    status: 429,
    code: 'IDV_SAME_PARAMETER_BLOCKED',
    waits: true,
  },
  { what: 'throttled', person: 2, mobile: '16000040313', status: 503, code: 'IDV_RATE_LIMITED' },
  { what: '10009', person: 2, mobile: '16000010009', status: 503, code: 'IDV_QUOTA' },
  { what: 'the latch of 10009', person: 2, status: 503, code: 'IDV_LATCHED', waits: true },
];
/** What the questions cost: a match of two people, and six answers or failures that may have been charged. */
const PAID_CALLS = 8;

/**
 * Asks an application everything.
 *
 * @param {string} url of the application
 * @param {AbortSignal} signal
 * @returns {Promise<{checks: number, failures: string[]}>} each failure names the check, what was expected and what came
 */
export async function checkAnswers(url, signal) {
  const failures = [];
  let checks = 0;
  const check = (what, expected, actual) => {
    checks++;
    const isRight = expected instanceof RegExp ? expected.test(actual ?? '') : Object.is(expected, actual);
    if (!isRight) failures.push(`${what}: expected ${expected}, got ${actual}`);
  };
  const ask = async (path, { method = 'POST', type = 'application/json', accept, body } = {}) => {
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': type }), ...(accept && { accept }) },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(REPLY_TIMEOUT)]),
    });
    const text = await reply.text();
    return { status: reply.status, type: reply.headers.get('content-type'), headers: reply.headers, text };
  };
  const personOf = (index, mobile = TEST_POPULATION[index].mobile) => ({ ...TEST_POPULATION[index], mobile });
  const enrol = (person, how) => ask('/enrolments', { body: JSON.stringify(person), ...how });

  const denials = new Set();
  for (const { what, person, mobile, status, code, waits = false } of QUESTIONS) {
    const reply = await enrol(personOf(person, mobile));
    check(`${what}, status`, status, reply.status);
    check(`${what}, content type`, code ? PROBLEM_TYPE : JSON_TYPE, reply.type);
    const body = parsed(reply.text);
    if (code) {
      check(`${what}, code`, code, body.code);
      check(`${what}, status in the body`, status, body.status);
    } else {
      check(`${what}, body`, JSON.stringify({ by: '10000', text: '核验一致' }), reply.text);
    }
    check(`${what}, Retry-After`, waits ? /^[1-9]\d*$/ : null, reply.headers.get('retry-after'));
    if (waits) check(`${what}, Retry-After in the body`, reply.headers.get('retry-after'), String(body.retryAfter));
    if (status === 403) denials.add(reply.text);
    if (code === 'IDV_INPUT_INVALID') check(`${what}, its field`, 'mobile', body.violations?.[0]?.field);
  }
  check('bodies of a denial that can be told apart', 1, denials.size);

  const onlyJson = await enrol(personOf(1, '1'), { accept: 'application/json' });
  check('a caller that accepts only JSON, content type', /^application\/json\b/, onlyJson.type);
  const broken = await ask('/enrolments', { body: '{"name":' });
  check('a body that is no JSON, status', 400, broken.status);
  check('a body that is no JSON, content type', JSON_TYPE, broken.type);
  const form = await enrol(personOf(0), {
    body: String(new URLSearchParams(personOf(0))),
    type: 'application/x-www-form-urlencoded',
  });
  check('a form, status', 201, form.status);
  const text = await enrol(personOf(0), { type: 'text/plain' });
  check('a body of plain text, status', 422, text.status);
  check('a body of plain text, content type', PROBLEM_TYPE, text.type);

  const service = await ask('/verifications', { body: JSON.stringify(personOf(0)) });
  check('the service, status', 200, service.status);
  check('the service, content type', JSON_TYPE, service.type);
  const { outcome, source } = parsed(service.text);
  check('the service, answer', 'match from ledger', `${outcome} from ${source}`);
  const dto = await ask('/verifications', { body: JSON.stringify(personOf(0, '1')) });
  check('the DTO refuses, status', 400, dto.status);
  check('the DTO refuses, content type', JSON_TYPE, dto.type);
  check('the DTO refuses, its messages', 1, parsed(dto.text).message?.length);

  check('calls paid', PAID_CALLS, parsed((await ask('/spent', { method: 'GET' })).text).calls);
  return { checks, failures };
}

/** What the output of a program says about a person; nothing may. */
export function peopleIn(lines) {
  const text = lines.join('\n');
  return TEST_POPULATION.flatMap((person) => Object.values(person)).filter((value) => text.includes(value));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
