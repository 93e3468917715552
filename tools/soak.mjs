import { join } from 'node:path';
import { readCommandLine } from './lib/command-line.mjs';
import { build, ROOT, run } from './lib/workspace.mjs';

const { values } = readCommandLine(
  `
pnpm soak [--count 1000000] [--ledger memory|redis|both] [--minutes 120]: builds, then asks that many questions of a mock, with
answers, errors of vendor and gateway, and faults of the connection mixed. At the end the heap must not have grown, no socket, timer
or handle may be left, and the bill of the mock must equal the charges of the ledger to the fen.
redis needs the command redis-server. Stops at the time limit, as a failure.
`,
  {
    count: { type: 'string', default: '1000000' },
    ledger: { type: 'string', default: 'both' },
    minutes: { type: 'string', default: '120' },
  },
);
const ledgers = { memory: ['memory'], redis: ['redis'], both: ['memory', 'redis'] }[values.ledger];
if (!ledgers || !/^[1-9]\d*$/.test(values.count) || !/^[1-9]\d*$/.test(values.minutes)) {
  console.error('--count and --minutes are whole numbers from 1; --ledger is memory, redis or both.');
  process.exit(2);
}
try {
  await build('bench');
  const program = join(ROOT, 'bench', 'dist', 'soak', 'soak.program.js');
  await run(process.execPath, ['--expose-gc', program, values.count, values.minutes, ...ledgers]);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
