import { SqliteLedger } from '@identity-verify/sqlite';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectDrainedBeforeClosed, REGISTRATIONS } from './shutdown.scenario.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'identity-verify-shutdown-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a ledger in a SQLite file that two instances share', () => {
  it.each(Object.keys(REGISTRATIONS))('is closed after both have drained, with %s', async (way) => {
    const file = join(folder, `${way}.db`);
    await expectDrainedBeforeClosed(REGISTRATIONS[way]!, () => new SqliteLedger({ file }));
  });
});
