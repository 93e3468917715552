import { MemoryLedger, type ClaimRequest, type Ledger } from '@identity-verify/nestjs';
import { SqliteLedger } from '@identity-verify/sqlite';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printDetail, printGoals, type GoalRow } from '../support/goals.table.js';
import { microseconds, printSpread, spreadOf } from '../support/spread.js';

const ROUNDS = 7;
const COLD_A_ROUND = 150;
const HITS_A_ROUND = 5_000;
const KEPT = 10_000;

const requests = new Map<number, ClaimRequest>();
const goals: GoalRow[] = [];

const folder = mkdtempSync(join(tmpdir(), 'identity-verify-bench-'));
try {
  printDetail(`Node ${process.version}; µs, median (min – max) of ${ROUNDS} rounds. Files in ${folder}.\n`);
  const file = (name: string) => join(folder, `${name}.db`);
  const ledgers: [string, Ledger][] = [
    ['MemoryLedger', new MemoryLedger()],
    ["SqliteLedger, durability: 'normal'", new SqliteLedger({ file: file('normal'), durability: 'normal' })],
    ["SqliteLedger, durability: 'full'", new SqliteLedger({ file: file('full') })],
  ];
  for (const [name, ledger] of ledgers) await measure(name, ledger);

  const grown = new SqliteLedger({ file: file('grown'), durability: 'normal' });
  for (let n = 0; n < KEPT; n++) await cold(grown, n);
  grown.close();
  const bytes = statSync(file('grown')).size / KEPT;
  printDetail(`\n${KEPT} answers kept: ${bytes.toFixed(0)} bytes each, with links and indexes.`);
  const started = performance.now();
  new SqliteLedger({ file: file('grown') }).close();
  printDetail(`Opening and checking that file: ${(performance.now() - started).toFixed(0)} ms.`);
  printGoals('sqlite', `median (min – max) of ${ROUNDS} rounds`, goals);
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(name: string, ledger: Ledger): Promise<void> {
  let n = 0;
  const rounds = { hit: [] as number[], cold: [] as number[] };
  // Created in advance, so that only the ledger is measured.
  for (let i = 0; i < 20 + ROUNDS * COLD_A_ROUND; i++) claimOf(i);
  for (let i = 0; i < 20; i++) await cold(ledger, n++); // warm
  for (let round = 0; round < ROUNDS; round++) {
    rounds.cold.push(await microseconds(COLD_A_ROUND, () => cold(ledger, n++)));
    rounds.hit.push(await microseconds(HITS_A_ROUND, (i) => ledger.claim(claimOf(i % n))));
  }
  printDetail(name);
  const [hit, paid] = [spreadOf(rounds.hit), spreadOf(rounds.cold)];
  printDetail(`  ${'a hit'.padEnd(24)} ${printSpread(hit, 1)}`);
  printDetail(`  ${'claim and settle'.padEnd(24)} ${printSpread(paid, 0)}`);
  goals.push(
    { row: `${name}: a hit, µs`, seen: hit, ...(ledger instanceof SqliteLedger && { goal: '≤ 50' }) },
    { row: `${name}: claim and settle, µs`, seen: paid },
  );
}

async function cold(ledger: Ledger, n: number): Promise<void> {
  const request = claimOf(n);
  await ledger.claim(request);
  const { scope, keys, owner } = request;
  const answer = { outcome: 'match', code: '10000', billed: 'yes', seqNo: `S${n}`, answeredAt: Date.now() } as const;
  const result = { kind: 'answered', answer, ttlMs: 86_400_000, charged: true } as const;
  await ledger.settle({ scope, key: keys[0] ?? '', owner, result });
}

/** A claim like those of the module, with keys of the same length. */
function claimOf(n: number): ClaimRequest {
  let request = requests.get(n);
  if (!request) {
    const key = (kind: string) => `v1.k1.${createHash('sha256').update(`${kind}${n}`).digest('base64')}`;
    request = {
      scope: 'default',
      keys: [key('q')],
      idKeys: [key('i')],
      mobileKeys: [key('m')],
      owner: crypto.randomUUID(),
      leaseMs: 20_000,
      doubtMs: 60_000,
      maxAgeMs: undefined,
      repeatInDoubt: false,
      budget: { callsPerDay: 1_000_000 },
      subjectLimit: { perIdNumber: 5, perMobile: 5, windowMs: 86_400_000 },
    };
    requests.set(n, request);
  }
  return request;
}
