import { MemoryLedger, type ClaimRequest, type Ledger } from '@identity-verify/nestjs';
import { SqliteLedger } from '@identity-verify/sqlite';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { microseconds, printSpread, spreadOf } from '../support/spread.js';

const ROUNDS = 7;
const COLD_A_ROUND = 150;
const HITS_A_ROUND = 5_000;
const KEPT = 10_000;

const requests = new Map<number, ClaimRequest>();

const folder = mkdtempSync(join(tmpdir(), 'identity-verify-bench-'));
try {
  console.log(`Node ${process.version}; µs, median (min – max) of ${ROUNDS} rounds. Files in ${folder}.\n`);
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
  console.log(`\n${KEPT} answers kept: ${bytes.toFixed(0)} bytes each, with links and indexes.`);
  const started = performance.now();
  new SqliteLedger({ file: file('grown') }).close();
  console.log(`Opening and checking that file: ${(performance.now() - started).toFixed(0)} ms.`);
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
  console.log(name);
  console.log(`  ${'a hit'.padEnd(24)} ${printSpread(spreadOf(rounds.hit), 1)}`);
  console.log(`  ${'claim and settle'.padEnd(24)} ${printSpread(spreadOf(rounds.cold), 0)}`);
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
