import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { IdentityVerifyModule, IdentityVerifyService, isIdentityVerifyError } from '@identity-verify/nestjs';
import { startMockServer } from '@identity-verify/mock-server';
import { demoQuestions } from './demo-questions.mjs';
import { printTable } from './table.mjs';

const CONCURRENCY = 8;
/** Maximum width of a description in the table, in characters. */
const MAX_DESCRIPTION = 72;

/**
 * Asks about every test identity, against a mock on a free port, and prints the results.
 *
 * @param {{ timeoutMs: number }} options maximum wait for a fault that hangs
 * @returns {Promise<boolean>} true if every result matches the contract
 */
export async function runDemo({ timeoutMs }) {
  const mock = await startMockServer({ port: 0 });
  try {
    const rows = await inParallel(demoQuestions(), CONCURRENCY, (question, index) =>
      askAlone(mock, timeoutMs, question, index),
    );
    const wrong = rows.filter(({ difference }) => difference !== '');
    printTable(
      ['mobile', 'scenario', 'outcome or error', 'HTTP', 'billed', 'calls', ''],
      rows.map((row) => [row.mobile, row.description, row.result, row.status, row.billed, row.calls, row.difference]),
    );
    console.log(
      `\n${rows.length} identities, ${rows.length - wrong.length} as the contract says, ${wrong.length} not.`,
    );
    return wrong.length === 0;
  } finally {
    await mock.close();
  }
}

/**
 * Runs each question in its own application with its own AppCode, so that no circuit breaker, latch or budget is
 * shared.
 */
async function askAlone(mock, timeoutMs, { identity, description, expected }, index) {
  const appCode = `demo-${index}`;
  const app = await NestFactory.createApplicationContext(
    IdentityVerifyModule.forRoot({
      credentials: { appCode },
      baseUrl: mock.url,
      upstreamIsMock: true,
      attemptTimeoutMs: timeoutMs,
      deadlineMs: timeoutMs * 2,
      pepper: 'a pepper for a demonstration, not for anything else',
    }),
    { logger: false },
  );
  const found = await app.get(IdentityVerifyService).verify(identity).then(ofAnswer, ofError);
  await app.close();
  const calls = mock.namespace(appCode).calls();
  const difference = Object.entries(expected)
    .filter(([what, value]) => found[what] !== value)
    .map(([what, value]) => `${what} should be ${value}`)
    .join(', ');
  return { mobile: identity.mobile, description: shortened(description), ...found, calls, difference };
}

const shortened = (text) => (text.length > MAX_DESCRIPTION ? `${text.slice(0, MAX_DESCRIPTION - 1)}…` : text);

function ofAnswer({ outcome, billed }) {
  return { result: outcome, status: 200, billed };
}

function ofError(error) {
  if (!isIdentityVerifyError(error)) throw error;
  return {
    result: `${error.code} (${error.category})`,
    category: error.category,
    status: error.httpStatus,
    billed: error.billed,
  };
}

/** Runs at most `width` tasks concurrently. Results are in the order of the items. */
async function inParallel(items, width, work) {
  const results = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
