import { TEST_POPULATION } from '@identity-verify/contract';
import { SqliteLedger } from '@identity-verify/sqlite';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { createClient } from '@libsql/client';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgedAnswersAreRefused, overAnswersAreRefused } from './forgery.scenario.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'identity-verify-forgery-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a SQLite file that somebody else writes to', () => {
  it.each([
    ['alters an outcome', `UPDATE answers SET outcome = 'match' WHERE outcome = 'mismatch'`],
    ['removes a seal', `UPDATE answers SET outcome = 'match', seal = NULL WHERE outcome = 'mismatch'`],
    [
      'moves an answer to another person',
      `UPDATE answers SET (outcome, code, billed, seq_no, request_id, answered_at, seal) =
         (SELECT outcome, code, billed, seq_no, request_id, answered_at, seal FROM answers WHERE outcome = 'match')
       WHERE outcome = 'mismatch'`,
    ],
  ])('believes nobody who %s', async (title, sql) => {
    const file = join(folder, `${title}.db`);
    await forgedAnswersAreRefused(
      () => new SqliteLedger({ file }),
      TEST_POPULATION,
      async () => {
        const forger = createClient({ url: `file:${file}` });
        await forger.execute(sql);
        forger.close();
      },
    );
  });

  it('believes nobody who puts an answer back that is over', async () => {
    const file = join(folder, 'over.db');
    await overAnswersAreRefused(() => new SqliteLedger({ file }), TEST_POPULATION[0]);
  });
});
