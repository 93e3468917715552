import { SqliteLedger } from '@identity-verify/sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The number of kills, each after another number of lines. Set `KILLS=200` for a long run. */
const KILLS = Number(process.env['KILLS'] ?? (process.env['TEST_LONG'] ? 60 : 24));
const PROGRAM = join(import.meta.dirname, 'claiming.process.mjs');
const NOBODY = 65_534;

interface Orders {
  readonly file: string;
  readonly uid?: number;
  readonly durability?: 'full' | 'normal';
  readonly from?: number;
  readonly count: number;
  readonly people?: number;
  readonly budget?: { readonly callsPerDay: number };
}

/** A process that claims, once `run` is called. */
class Claimer {
  readonly lines: string[] = [];
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;

  /** @param killAfter number of lines after which the process is killed */
  constructor(orders: Orders, killAfter = Infinity, command: readonly string[] = []) {
    const [program, ...args] = [...command, process.execPath];
    const child = spawn(program, [...args, '--no-warnings', PROGRAM, JSON.stringify(orders)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child = child;
    this.ended = new Promise((resolve, reject) => {
      child.once('close', (code) =>
        code ? reject(new Error(`The process ended with exit code ${code}.`)) : resolve(),
      );
    });
    this.ended.catch(() => {}); // reported where it is awaited
    this.ready = new Promise((resolve) => {
      createInterface({ input: child.stdout! }).on('line', (line) => {
        this.lines.push(line);
        if (line === 'ready') resolve();
        if (this.lines.length > killAfter) child.kill('SIGKILL');
      });
    });
  }

  async run(): Promise<readonly string[]> {
    await Promise.race([this.ready, this.ended]);
    if (this.lines.length === 0) throw new Error('The process ended before it was ready.');
    this.#child.stdin!.write('go\n');
    await this.ended;
    return this.lines;
  }

  /** The people with a line that begins with `what`. */
  people(what: string): number[] {
    return this.lines.filter((line) => line.startsWith(`${what} `)).map((line) => Number(line.split(' ')[1]));
  }
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'identity-verify-ledgers-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const claim = (ledger: SqliteLedger, person: number) =>
  ledger.claim({
    scope: 's',
    keys: [`v1.t.q${person}`],
    idKeys: [`v1.t.i${person}`],
    mobileKeys: [`v1.t.m${person}`],
    owner: `parent-${person}`,
    leaseMs: 1,
    doubtMs: 1,
    maxAgeMs: undefined,
    repeatInDoubt: false,
    budget: { callsPerDay: 0 },
    subjectLimit: undefined,
  });

describe('a SQLite ledger of a killed process', () => {
  it(
    `loses no settled answer and grants nothing twice after ${KILLS} SIGKILLs`,
    async () => {
      const file = join(folder, 'killed.db');
      const kills = Array.from({ length: KILLS }, (_, round) => ({ round, after: 1 + ((round * 37) % 97) }));
      const start = ({ round, after }: (typeof kills)[number]) =>
        new Claimer(
          { file, from: round * 1_000, count: 1_000, durability: round % 4 === 0 ? 'full' : 'normal' },
          after,
        );
      let next = start(kills[0]!);
      let paid = 0;
      for (const { round } of kills) {
        const claimer = next;
        if (round + 1 < KILLS) next = start(kills[round + 1]!); // starts while the current one runs
        await claimer.run();
        expect(claimer.lines).not.toContain('done');

        const ledger = new SqliteLedger({ file, durability: 'normal' });
        const settled = new Set(claimer.people('settled'));
        const granted = claimer.people('granted');
        expect(granted.length).toBeGreaterThan(0);
        // The person after the last line may also have been claimed and settled.
        for (const person of [...granted, Math.max(...granted) + 1]) {
          const { verdict } = await claim(ledger, person);
          if (settled.has(person)) expect(verdict).toBe('hit');
          else if (granted.includes(person)) expect(['hit', 'unknown']).toContain(verdict);
          else expect(['hit', 'unknown', 'refused']).toContain(verdict);
          paid += Number(verdict !== 'refused');
        }
        expect(ledger.spent('s').callsToday).toBe(paid);
        ledger.close();
      }
    },
    60_000 + KILLS * 1_500,
  );
});

describe('a SQLite ledger shared by four processes', () => {
  it('grants each question once, within the budget', async () => {
    const file = join(folder, 'shared.db');
    const budget = { callsPerDay: 500 };
    const claimers = [0, 1, 2, 3].map((n) => new Claimer({ file, from: n * 400, count: 500, people: 1_600, budget }));
    await Promise.all(claimers.map(({ ready }) => ready));
    await Promise.all(claimers.map((claimer) => claimer.run()));
    const granted = claimers.flatMap((claimer) => claimer.people('granted'));
    expect(granted).toHaveLength(500);
    expect(new Set(granted).size).toBe(500);
    for (const { lines } of claimers) expect(lines.at(-1)).toBe('done');
    const ledger = new SqliteLedger({ file, durability: 'normal' });
    expect(ledger.spent('s')).toEqual({ callsToday: 500, callsThisMonth: 500 });
    ledger.close();
  }, 60_000);

  it('grants 40 of 400 claims about 40 people', async () => {
    const file = join(folder, 'forty.db');
    const claimers = [0, 1, 2, 3].map((n) => new Claimer({ file, from: n * 10, count: 100, people: 40 }));
    await Promise.all(claimers.map(({ ready }) => ready));
    await Promise.all(claimers.map((claimer) => claimer.run()));
    expect(claimers.flatMap((claimer) => claimer.people('granted'))).toHaveLength(40);
  }, 60_000);
});

describe('a SQLite ledger that cannot write', () => {
  it('reports a read-only file at the start, and does not change it', async () => {
    const file = join(folder, 'read-only.db');
    new SqliteLedger({ file }).close();
    chmodSync(file, 0o444);
    chmodSync(folder, 0o755);
    const claimer = new Claimer({ file, count: 1, ...(process.getuid?.() === 0 && { uid: NOBODY }) });
    expect(await claimer.run()).toEqual([
      'ready',
      `SqliteLedgerError not_writable: The ledger file ${file} cannot be opened for writing (EACCES).`,
    ]);
  });

  it('grants nothing after a failed write, and works again once there is space', async () => {
    const file = join(folder, 'no-room.db');
    new SqliteLedger({ file }).close();
    // Limits the file size, in blocks of 512 bytes or 1 KiB: writes fail as on a full disk.
    const claimer = new Claimer({ file, count: 1_000 }, Infinity, ['/bin/sh', '-c', 'ulimit -f 2000; exec "$0" "$@"']);
    const lines = await claimer.run();
    expect(lines.at(-1)).toMatch(/^SqliteLedgerError (?:failed|full): SqliteLedger: .+ \(SQLITE_\w+\)\.$/);
    const granted = claimer.people('granted');
    expect(granted.length).toBeGreaterThan(5);

    const ledger = new SqliteLedger({ file, durability: 'normal' });
    const settled = claimer.people('settled');
    for (const person of granted) {
      expect((await claim(ledger, person)).verdict).toBe(settled.includes(person) ? 'hit' : 'unknown');
    }
    expect(ledger.spent('s').callsToday).toBe(granted.length);
    ledger.close();
    expect(readdirSync(folder)).toContain('no-room.db');
  });
});
