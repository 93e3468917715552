// A process that claims and settles in a SQLite ledger, for tests that kill it. It waits for a line on stdin before it
// opens the file, so that a test can start several at the same time.
import { once } from 'node:events';
import { register } from 'node:module';
import { writeLine } from '../../tools/lib/write-line.mjs';

// Stubs the module: the ledger needs only two files of it, and without Nest the process starts five times faster.
const built = (path) => JSON.stringify(new URL(`../../packages/nestjs/dist/esm/${path}`, import.meta.url).href);
const stub = `export * from ${built('support/clock.js')}; export * from ${built('ledger/ledger.holders.js')};`;
const url = JSON.stringify(`data:text/javascript,${encodeURIComponent(stub)}`);
register(
  `data:text/javascript,${encodeURIComponent(`export const resolve = (specifier, context, next) =>
    specifier === '@identity-verify/nestjs' ? { url: ${url}, shortCircuit: true } : next(specifier, context)`)}`,
);
const { SqliteLedger } = await import('../../packages/sqlite/dist/esm/index.js');

const {
  file,
  uid,
  durability = 'normal',
  from = 0,
  count,
  people = Infinity,
  budget = {},
} = JSON.parse(process.argv[2]);

writeLine('ready');
await once(process.stdin, 'data');
// Runs as a user without write access, because tests may run as root.
if (uid !== undefined) process.setuid(uid);
try {
  const ledger = new SqliteLedger({ file, durability });
  for (let n = from; n < from + count; n++) await ask(ledger, n % people);
  ledger.close();
  writeLine('done');
} catch (error) {
  writeLine(`${error.name} ${error.fault}: ${error.message}`);
}
process.stdin.destroy();

async function ask(ledger, person) {
  const owner = `${process.pid}-${Math.random()}`;
  const key = `v1.t.q${person}`;
  const request = {
    scope: 's',
    keys: [key],
    idKeys: [`v1.t.i${person}`],
    mobileKeys: [`v1.t.m${person}`],
    owner,
    leaseMs: 1,
    doubtMs: 3_600_000,
    repeatInDoubt: false,
    budget,
    subjectLimit: { perIdNumber: 5, perMobile: 5, windowMs: 3_600_000 },
  };
  const { verdict } = await patiently(() => ledger.claim(request));
  writeLine(`${verdict} ${person}`);
  if (verdict !== 'granted') return;
  // A real process sends the call here.
  const answer = { outcome: 'match', code: '10000', billed: 'yes', answeredAt: Date.now() };
  const result = { kind: 'answered', answer, ttlMs: 3_600_000, charged: true };
  await patiently(() => ledger.settle({ scope: 's', key, owner, result }));
  writeLine(`settled ${person}`);
}

/** Retries where an application refuses with IDV_LEDGER_UNAVAILABLE. */
async function patiently(call) {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (error.fault !== 'busy') throw error;
    }
  }
}
