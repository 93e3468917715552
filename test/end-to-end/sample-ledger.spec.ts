import { TEST_POPULATION } from '@identity-verify/contract';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSample } from './sample.harness.js';

const [person, another] = TEST_POPULATION;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'identity-verify-sample-ledger-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the sample with its ledger in a file', () => {
  it('answers from the ledger after a restart, without a new call', async () => {
    const file = join(folder, 'a folder that is not there yet', 'ledger.db');
    const first = await startSample({ IDENTITY_VERIFY_LEDGER: file });
    expect(await first.post('/verifications', person)).toMatchObject({ body: { source: 'upstream' } });
    expect(await first.get('/status')).toMatchObject({ body: { ledger: 'sqlite' } });
    expect(await first.close()).toBe('SIGTERM');
    expect(first.lines.join('\n')).not.toMatch(/ERROR|"level":50/);
    for (const name of [file, `${file}.pepper`]) expect(statSync(name).mode & 0o777).toBe(0o600);
    expect(statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0); // the file was closed properly

    const second = await startSample({ IDENTITY_VERIFY_LEDGER: file });
    expect(await second.post('/verifications', person)).toMatchObject({ body: { outcome: 'match', source: 'ledger' } });
    expect(await second.get('/status')).toMatchObject({ body: { today: { calls: 1 } } });
    expect(second.upstream.calls()).toBe(0);
    process.kill(second.pid, 'SIGKILL');
    await second.close();

    const third = await startSample({ IDENTITY_VERIFY_LEDGER: file });
    expect(await third.post('/verifications', person)).toMatchObject({ body: { source: 'ledger' } });
    expect(third.upstream.calls()).toBe(0);
    await third.close();
  }, 300_000);

  // Tested of the module in test/ledgers/shutdown.spec.ts.
  if (process.env['TEST_LONG']) {
    it('settles a pending call on shutdown before it closes the ledger', async () => {
      const settings = { IDENTITY_VERIFY_LEDGER: join(folder, 'stopping.db'), IDENTITY_VERIFY_DEADLINE_MS: '1500' };
      const hanging = { ...person, mobile: '16000099004' };
      const first = await startSample(settings);
      // Its first question takes long: on a busy machine, as long as the deadline.
      await first.post('/verifications', another);
      const before = first.upstream.calls();
      const asked = first.post('/verifications', hanging);
      while (first.upstream.calls() === before) await first.get('/status');
      await first.close();
      expect(await asked).toMatchObject({ status: 504 });

      const second = await startSample(settings);
      const again = await second.post('/verifications', hanging);
      // Not "in flight": the ledger recorded the end of the call.
      expect(again).toMatchObject({ body: { code: 'IDV_IN_DOUBT', billed: 'no' } });
      expect(second.upstream.calls()).toBe(0);
      await second.close();
    }, 300_000);
  }

  it('does not start with an unusable file, and reports why in one sentence', async () => {
    const file = join(folder, 'damaged.db');
    writeFileSync(file, 'not a database '.repeat(1_000));
    await expect(startSample({ IDENTITY_VERIFY_LEDGER: file })).rejects.toThrow(
      `\nThe ledger file ${file} is damaged or is not a SQLite database. Move it away`,
    );
    mkdirSync(join(folder, 'folder.db'));
    await expect(startSample({ IDENTITY_VERIFY_LEDGER: join(folder, 'folder.db') })).rejects.toThrow('is not a file');
    expect(readFileSync(file, 'utf8')).toMatch(/^not a database/);
  }, 300_000);
});
