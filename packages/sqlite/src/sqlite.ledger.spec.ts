import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClaimRequest, Settlement } from '@identity-verify/nestjs';
import { ledgerConformance, ManualClock } from '@identity-verify/nestjs/testing';
import { APPLICATION_ID, MIGRATIONS } from './schema.data.js';
import { SqlSession } from './sql.session.js';
import { SqliteLedgerError } from './sqlite-ledger.error.js';
import { SqliteLedger } from './sqlite.ledger.js';

const folders: string[] = [];
const ledgers: SqliteLedger[] = [];
afterEach(() => {
  for (const ledger of ledgers.splice(0)) ledger.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'identity-verify-sqlite-'));
  folders.push(folder);
  return join(folder, 'ledger.db');
}

function open(clock = new ManualClock(), file = newFile()) {
  // No test covers a power failure, so the ledger skips the fsync per write.
  const ledger = new SqliteLedger({ file, clock, durability: 'normal' });
  ledgers.push(ledger);
  return { ledger, clock, file, now: clock.now, advance: (ms: number) => clock.advance(ms) };
}

const HOUR = 3_600_000;

const claim = (key: string, overrides: Partial<ClaimRequest> = {}): ClaimRequest => ({
  scope: 's',
  keys: [key],
  idKeys: [`i-${key}`],
  mobileKeys: [`m-${key}`],
  owner: key,
  leaseMs: 1_000,
  doubtMs: 60_000,
  maxAgeMs: undefined,
  repeatInDoubt: false,
  budget: {},
  subjectLimit: undefined,
  ...overrides,
});
const answer = (key: string, ttlMs = HOUR): Settlement => ({
  scope: 's',
  key,
  owner: key,
  result: {
    kind: 'answered',
    answer: { outcome: 'match', code: '10000', billed: 'yes', answeredAt: 1 },
    ttlMs,
    charged: true,
  },
});
const verdict = async (ledger: SqliteLedger, request: ClaimRequest) => (await ledger.claim(request)).verdict;

function faultOf(act: () => unknown): SqliteLedgerError {
  try {
    act();
  } catch (error) {
    if (error instanceof SqliteLedgerError) return error;
    throw error;
  }
  throw new Error('expected a SqliteLedgerError');
}

describe('SqliteLedger', () => {
  describe('conforms to the port', () => {
    it.each(ledgerConformance)('$title', ({ run }) => run(open()));
  });

  describe('across a restart', () => {
    it('keeps answers, spent calls, subject windows, latches and scopes', async () => {
      const clock = new ManualClock();
      const { ledger, file } = open(clock);
      const subjectLimit = { perIdNumber: 1, perMobile: 5, windowMs: HOUR };
      await ledger.claim(claim('kept', { subjectLimit }));
      await ledger.settle(answer('kept'));
      await ledger.claim(claim('t', { scope: 't' }));
      await ledger.settle({
        ...answer('t'),
        scope: 't',
        result: { kind: 'unbilled', latch: { name: 'quota', ms: HOUR } },
      });
      ledger.close();
      await clock.advance(HOUR / 2);

      const again = open(clock, file).ledger;
      expect(await again.claim(claim('kept'))).toMatchObject({ verdict: 'hit', answer: { outcome: 'match' } });
      expect(again.spent('s')).toEqual({ callsToday: 1, callsThisMonth: 1 });
      expect(await again.claim(claim('new', { idKeys: ['i-kept'], subjectLimit }))).toEqual({
        verdict: 'refused',
        reason: 'subject_id_number',
        retryAfterMs: HOUR / 2,
      });
      expect(again.latch('t')).toEqual({ name: 'quota', until: clock.now() + HOUR / 2 });
      expect(again.scopes()).toEqual(['s', 't']);
    });

    it('ends a lifetime while no process runs', async () => {
      const { ledger, clock, file } = open();
      await ledger.claim(claim('a'));
      await ledger.settle(answer('a', 10_000));
      ledger.close();
      await clock.advance(10_000);
      expect(await verdict(open(clock, file).ledger, claim('a'))).toBe('granted');
    });

    it.each([0, 30_000, HOUR, 1_000 * HOUR])(
      'holds the question of a dead owner in doubt after a downtime of %d ms',
      async (ms) => {
        const { ledger, clock, file } = open();
        await ledger.claim(claim('a')); // the process is killed without closing
        await clock.advance(ms);
        const again = open(clock, file).ledger;
        if (ms === 0) await clock.advance(1_000);
        expect(await again.claim(claim('a', { owner: 'b' }))).toEqual({ verdict: 'unknown', retryAfterMs: 60_000 });
        expect(await again.settle(answer('a'))).toBe(true); // the owner is still alive
      },
    );

    it('does not renew a doubt that ended while the file was in use', async () => {
      const { ledger, clock, file } = open();
      await ledger.claim(claim('a'));
      await clock.advance(61_000);
      await ledger.claim(claim('b'));
      expect(await verdict(open(clock, file).ledger, claim('a', { owner: 'c' }))).toBe('granted');
    });

    it('erases an orphaned claim by its person', async () => {
      const { ledger, clock, file } = open();
      await ledger.claim(claim('a'));
      await clock.advance(1_000 * HOUR);
      const again = open(clock, file).ledger;
      for (let i = 0; i < 40; i++) await again.claim(claim(`k${i}`)); // triggers sweeps
      await again.settle(answer('a'));
      expect(await again.forget({ scope: 's', keys: [], idKeys: ['i-a'], mobileKeys: [] })).toBe(2);
      expect(await verdict(again, claim('a'))).toBe('granted');
    });
  });

  describe('keeps a monotonic time', () => {
    it.each([HOUR, -HOUR, -24 * HOUR, 720 * HOUR])(
      'ends lifetimes, leases and latches on time when the clock is set by %d ms',
      async (ms) => {
        const { ledger, clock, now, advance } = open();
        await ledger.claim(claim('kept'));
        await ledger.settle(answer('kept', 60_000));
        await ledger.claim(claim('open', { leaseMs: 30_000, doubtMs: 30_000 }));
        await ledger.claim(claim('latch'));
        await ledger.settle({
          ...answer('latch'),
          result: { kind: 'unbilled', latch: { name: 'quota', ms: 60_000 } },
        });
        clock.jump(ms);
        await advance(29_999);
        expect(await verdict(ledger, claim('kept'))).toBe('hit');
        expect(await ledger.claim(claim('open'))).toEqual({ verdict: 'in_flight', leaseMs: 1 });
        expect(await ledger.claim(claim('other'))).toMatchObject({ reason: 'latched', retryAfterMs: 30_001 });
        expect(ledger.latch('s')).toEqual({ name: 'quota', until: now() + 30_001 });
        await advance(30_001);
        expect(await verdict(ledger, claim('kept'))).toBe('granted');
      },
    );

    it('does not extend a lifetime when the clock is set back while no process runs', async () => {
      const { ledger, clock, file } = open();
      await ledger.claim(claim('a'));
      await ledger.settle(answer('a', 60_000));
      await clock.advance(30_000);
      ledger.close();
      clock.jump(-24 * HOUR);
      const again = open(clock, file);
      await again.advance(29_999);
      expect(await verdict(again.ledger, claim('a'))).toBe('hit');
      await again.advance(1);
      expect(await verdict(again.ledger, claim('a'))).toBe('granted');
    });

    it('follows the process with the latest time', async () => {
      const file = newFile();
      const behind = open(new ManualClock(), file);
      const ahead = open(new ManualClock(behind.now() + 50_000), file);
      await ahead.ledger.claim(claim('a', { leaseMs: 10_000 }));
      expect(await behind.ledger.claim(claim('b', { leaseMs: 10_000 }))).toMatchObject({ verdict: 'granted' });
      expect(await ahead.ledger.claim(claim('b'))).toEqual({ verdict: 'in_flight', leaseMs: 10_000 });
    });

    it('does not reopen a used-up budget when the clock is set back over midnight, even across a restart', async () => {
      const budget = { callsPerDay: 1, callsPerMonth: 5 };
      const { ledger, clock, file } = open();
      expect(await verdict(ledger, claim('a', { budget }))).toBe('granted');
      clock.jump(-24 * HOUR);
      expect(await verdict(ledger, claim('b', { budget }))).toBe('refused');
      ledger.close();
      const again = open(clock, file).ledger;
      expect(await verdict(again, claim('b', { budget }))).toBe('refused');
      clock.jump(24 * HOUR);
      expect(await verdict(again, claim('b', { budget }))).toBe('refused');
    });

    it('recovers from a clock set forward by mistake', async () => {
      const { ledger, clock, advance } = open();
      const budget = { callsPerDay: 2 };
      clock.jump(400 * 24 * HOUR);
      expect(await verdict(ledger, claim('a', { budget }))).toBe('granted');
      clock.jump(-400 * 24 * HOUR);
      expect(await verdict(ledger, claim('b', { budget }))).toBe('granted');
      expect(await verdict(ledger, claim('c', { budget }))).toBe('refused');
      await advance(24 * HOUR);
      expect(await verdict(ledger, claim('c', { budget }))).toBe('granted');
      expect(await verdict(ledger, claim('d', { budget }))).toBe('granted');
      expect(await verdict(ledger, claim('e', { budget }))).toBe('refused');
    });
  });

  describe('with other processes', () => {
    it('answers hits and polls while another process writes, and waits for the lock without blocking', async () => {
      const { ledger, file } = open();
      await ledger.claim(claim('kept'));
      await ledger.settle(answer('kept'));
      await ledger.claim(claim('open'));
      const other = new SqlSession(file);
      other.exec('BEGIN IMMEDIATE');
      expect(ledger.claim(claim('kept'))).toMatchObject({ verdict: 'hit' });
      expect(ledger.claim(claim('open'))).toMatchObject({ verdict: 'in_flight' });
      expect(ledger.spent('s').callsToday).toBe(2);
      const waiting = ledger.claim(claim('new'));
      expect(waiting).toBeInstanceOf(Promise);
      other.exec('COMMIT');
      other.close();
      expect(await waiting).toMatchObject({ verdict: 'granted' });
    });

    it('fails a claim when the lock is held for longer than busyTimeoutMs, and grants nothing', async () => {
      const file = newFile();
      const ledger = new SqliteLedger({ file, busyTimeoutMs: 5, durability: 'normal', clock: new ManualClock() });
      ledgers.push(ledger);
      const other = new SqlSession(file);
      other.exec('BEGIN IMMEDIATE');
      await expect(ledger.claim(claim('a'))).rejects.toMatchObject({ fault: 'busy' });
      other.exec('ROLLBACK');
      other.close();
      expect(ledger.spent('s').callsToday).toBe(0);
    });
  });

  describe('the file', () => {
    it('is readable by its owner only, as are the files beside it', async () => {
      const { ledger, file } = open();
      await ledger.claim(claim('a'));
      const modes = readdirSync(join(file, '..')).map((name) => [name, statSync(join(file, '..', name)).mode & 0o777]);
      expect(modes).toEqual([
        ['ledger.db', 0o600],
        ['ledger.db-shm', 0o600],
        ['ledger.db-wal', 0o600],
      ]);
    });

    it('loses the permissions of other users when it is opened', () => {
      const { ledger, file, clock } = open();
      ledger.close();
      for (const suffix of ['', '-wal', '-shm']) writeFileSync(file + suffix, '', { flag: 'a' });
      for (const suffix of ['', '-wal', '-shm']) chmodSync(file + suffix, 0o666);
      open(clock, file);
      for (const suffix of ['', '-wal', '-shm']) expect(statSync(file + suffix).mode & 0o777).toBe(0o600);
    });

    it('keeps its locks when it is opened again in the same process', () => {
      const { file } = open();
      // POSIX drops the locks of a process on a file when it closes any descriptor of the file. Linux lists the locks.
      const locks = () =>
        existsSync('/proc/locks')
          ? readFileSync('/proc/locks', 'utf8').split(`:${statSync(file).ino} `).length
          : 'not listed here';
      const before = locks();
      open(undefined, file);
      expect(locks()).toBe(before);
    });

    it('requires an existing folder, and is named in the error', () => {
      const file = join(newFile(), 'none', 'ledger.db');
      const { fault, message } = faultOf(() => open(undefined, file));
      expect(fault).toBe('no_folder');
      expect(message).toBe(
        `The ledger file ${file} cannot be created: its folder does not exist. Create the folder first.`,
      );
    });

    it('must be a file', () => {
      const { fault, message } = faultOf(() => open(undefined, join(newFile(), '..')));
      expect(fault).toBe('not_writable');
      expect(message).toContain('is not a file');
    });

    it.each(['', ' ', ':memory:', 'a\0b', undefined, 7])('is refused as %j', (file) => {
      expect(faultOf(() => new SqliteLedger({ file: file as string })).fault).toBe('options');
    });

    it.each([{ durability: 'off' }, { busyTimeoutMs: -1 }, { busyTimeoutMs: Number.NaN }, { busyTimeoutMs: '40' }])(
      'is not opened with invalid options: %j',
      (wrong) => {
        expect(faultOf(() => new SqliteLedger({ file: newFile(), ...(wrong as object) })).fault).toBe('options');
      },
    );

    it.each([
      ['text', (file: string) => writeFileSync(file, 'not a database. '.repeat(1_000))],
      [
        'a ledger with a damaged page',
        (file: string) => {
          const bytes = readFileSync(file);
          bytes.fill(0x55, 4_096, Math.min(bytes.length, 40_960));
          writeFileSync(file, bytes);
        },
      ],
      ['a ledger cut short', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 8_192))],
    ])('stops the start when it is damaged: %s', async (_, damage) => {
      const { ledger, file } = open();
      for (let i = 0; i < 200; i++) await ledger.claim(claim(`k${i}`));
      ledger.close();
      damage(file);
      const before = readFileSync(file);
      const { fault, message } = faultOf(() => open(undefined, file));
      expect(fault).toBe('damaged');
      expect(message).toContain(`${file} is damaged or is not a SQLite database. Move it away`);
      expect(readFileSync(file).equals(before)).toBe(true);
    });

    it('keeps calls and doubts, and drops answers without a seal, when it is of the first version', async () => {
      const file = newFile();
      const session = new SqlSession(file);
      session.exec(MIGRATIONS[0]!);
      session.exec(
        `INSERT INTO clock VALUES (1, 0, 0);
         INSERT INTO answers VALUES ('old', 'match', '10000', 'yes', NULL, NULL, 0, 0, 9000000000000);
         INSERT INTO intents (key, kind, until) VALUES ('doubt', 'in_doubt', 9000000000000);
         PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1`,
      );
      session.close();
      const { ledger } = open(undefined, file);
      expect(await ledger.claim(claim('old'))).toMatchObject({ verdict: 'granted' });
      expect(await ledger.claim(claim('doubt'))).toMatchObject({ verdict: 'unknown' });
    });

    it('is left unchanged when a newer version wrote it', () => {
      const { ledger, file } = open();
      ledger.close();
      const session = new SqlSession(file);
      session.exec('PRAGMA user_version = 99');
      session.close();
      const { fault, message } = faultOf(() => open(undefined, file));
      expect(fault).toBe('newer_schema');
      expect(message).toContain('has schema version 99, and this version of @identity-verify/sqlite knows 2.');
    });

    it.each([0, 1])('is left unchanged when it belongs to another program, with user_version %d', (version) => {
      const file = newFile();
      const session = new SqlSession(file);
      session.exec(`CREATE TABLE users (name TEXT); PRAGMA user_version = ${version}`);
      session.close();
      expect(faultOf(() => open(undefined, file)).fault).toBe('foreign');
    });

    it('is marked as a ledger, with its schema version', () => {
      const { file } = open();
      const session = new SqlSession(file);
      expect(session.get('PRAGMA application_id')).toMatchObject({ application_id: APPLICATION_ID });
      expect(session.get('PRAGMA user_version')).toMatchObject({ user_version: 2 });
      expect(session.get('PRAGMA auto_vacuum')).toMatchObject({ auto_vacuum: 2 });
      session.close();
    });

    it('does not grow with expired entries', async () => {
      const { ledger, file, advance } = open();
      const sizes: number[] = [];
      for (let round = 0; round < 6; round++) {
        for (let i = 0; i < 400; i++) {
          await ledger.claim(claim(`${round}-${i}`));
          await ledger.settle(answer(`${round}-${i}`, 60_000));
        }
        await advance(2 * HOUR);
        sizes.push(statSync(file).size + statSync(`${file}-wal`).size);
      }
      // The WAL is checkpointed at 1,000 pages of 4 KiB; in addition, the file holds at most two rounds.
      expect(Math.max(...sizes)).toBeLessThan(6_000_000);
      ledger.close();
      expect(statSync(file).size).toBeLessThan(600_000);
      expect(statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
    });
  });

  it('grants nothing when the disk is full, and continues once there is space', async () => {
    const sessions: SqlSession[] = [];
    const { exec } = SqlSession.prototype;
    const spy = jest.spyOn(SqlSession.prototype, 'exec').mockImplementation(function (this: SqlSession, sql) {
      sessions.push(this);
      exec.call(this, sql);
    });
    const { ledger } = open();
    spy.mockRestore();
    // SQLite's limit on the file size causes the same error as a full disk.
    sessions[0]?.exec('PRAGMA max_page_count = 40');
    await ledger.claim(claim('kept'));
    await ledger.settle(answer('kept'));
    let n = 0;
    const { fault, message } = faultOf(() => {
      for (; n < 2_000; n++) void ledger.claim(claim(`k${n}`));
    });
    expect(fault).toBe('full');
    expect(message).toBe('SqliteLedger: the disk is full (SQLITE_FULL).');
    expect(ledger.spent('s').callsToday).toBe(n + 1);
    expect(await verdict(ledger, claim('kept'))).toBe('hit');
    sessions[0]?.exec('PRAGMA max_page_count = 10000');
    expect(await verdict(ledger, claim(`k${n}`))).toBe('granted');
  });

  it('refuses every operation once closed, and may be closed twice', async () => {
    const { ledger } = open();
    ledger.close();
    ledger.close();
    expect(faultOf(() => ledger.claim(claim('a'))).fault).toBe('closed');
    expect(faultOf(() => ledger.settle(answer('a'))).fault).toBe('closed');
  });

  it('writes nothing for a hit, a poll or a refusal', async () => {
    const { ledger, file } = open();
    await ledger.claim(claim('kept'));
    await ledger.settle(answer('kept'));
    await ledger.claim(claim('open'));
    const written = () => readFileSync(`${file}-wal`);
    const before = written();
    for (let i = 0; i < 20; i++) {
      expect(await verdict(ledger, claim('kept'))).toBe('hit');
      expect(await verdict(ledger, claim('open'))).toBe('in_flight');
      expect(await verdict(ledger, claim('new', { budget: { callsPerDay: 2 } }))).toBe('refused');
    }
    expect(written().equals(before)).toBe(true);
  });
});
