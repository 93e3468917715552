import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { IdentityVerifyModule, IdentityVerifyService, isIdentityVerifyError } from '@identity-verify/nestjs';
import { startMockServer } from '@identity-verify/mock-server';
import { readCommandLine } from './lib/command-line.mjs';
import { demoQuestions } from './lib/demo-questions.mjs';
import { printTable } from './lib/table.mjs';

const { values } = readCommandLine(
  `
pnpm demo: asks about every test identity through the module, against a mock on a free port, and prints what came of
it. Exits with 1 when a row differs from the contract.

  --timeout-ms 1000   how long a fault that hangs is waited for
`,
  { 'timeout-ms': { type: 'string', default: '1000' } },
);
const timeoutMs = Number(values['timeout-ms']);
if (!Number.isInteger(timeoutMs) || timeoutMs < 100 || timeoutMs > 60_000) {
  console.error('--timeout-ms must be a whole number from 100 to 60000.');
  process.exit(2);
}

const CONCURRENCY = 8;
const mock = await startMockServer({ port: 0 });
try {
  const rows = await inParallel(demoQuestions(), CONCURRENCY, askAlone);
  const wrong = rows.filter(({ difference }) => difference !== '');
  printTable(
    ['mobile', 'code', 'message', 'outcome or error', 'HTTP', 'billed', 'calls', ''],
    rows.map((row) => [
      row.mobile,
      row.code,
      row.message,
      row.result,
      row.status,
      row.billed,
      row.calls,
      row.difference,
    ]),
  );
  console.log(`\n${rows.length} identities, ${rows.length - wrong.length} as the contract says, ${wrong.length} not.`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  await mock.close();
}

/** Each question in an application of its own, with its own AppCode: no breaker, latch or budget of another's. */
async function askAlone({ identity, code, message, expected }, index) {
  const appCode = `demo-${index}`;
  const app = await NestFactory.createApplicationContext(
    IdentityVerifyModule.forRoot({
      credentials: { appCode },
      baseUrl: mock.url,
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
  return { mobile: identity.mobile, code, message, ...found, calls, difference };
}

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

/** At most `width` at once, results in the order of the items. */
async function inParallel(items, width, work) {
  const results = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
