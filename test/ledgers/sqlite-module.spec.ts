import { TEST_POPULATION } from '@identity-verify/contract';
import { IdentityVerifyModule, IdentityVerifyService } from '@identity-verify/nestjs';
import { FakeUpstream, IdentityVerifyTestingModule, ManualClock } from '@identity-verify/nestjs/testing';
import { SqliteLedger } from '@identity-verify/sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '@libsql/client';
import { Test, type TestingModule } from '@nestjs/testing';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [first, second] = TEST_POPULATION;

let folder: string;
let running: { readonly app: TestingModule; readonly ledger: SqliteLedger } | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'identity-verify-module-'));
});
afterEach(stop);
afterAll(() => rmSync(folder, { recursive: true }));

async function start(file: string, upstream: FakeUpstream, clock = new ManualClock()) {
  const ledger = new SqliteLedger({ file, clock });
  const app = await Test.createTestingModule({
    imports: [IdentityVerifyTestingModule.forRoot({ upstream, options: { ledger, clock } })],
  }).compile();
  running = { app, ledger };
  return app.get(IdentityVerifyService);
}

async function stop(): Promise<void> {
  const { app, ledger } = running ?? {};
  running = undefined;
  await app?.close();
  ledger?.close();
}

/** The bytes of all files in the folder. */
const bytes = () =>
  Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name)))).toString('latin1');

describe('the module with its ledger in a SQLite file', () => {
  it('pays once for an identity across a restart, and stores no identity in the file', async () => {
    const file = join(folder, 'restart.db');
    const upstream = new FakeUpstream().verifyReturns('match', 'mismatch');
    const clock = new ManualClock();
    let service = await start(file, upstream, clock);
    expect(await service.verify(first)).toMatchObject({ outcome: 'match', source: 'upstream' });
    expect(await service.verify(second)).toMatchObject({ outcome: 'mismatch', source: 'upstream' });
    const inUse = bytes();
    await stop();
    const closed = bytes();

    service = await start(file, upstream, clock);
    expect(await service.verify(first)).toMatchObject({ outcome: 'match', source: 'ledger' });
    expect(await service.verify(second)).toMatchObject({ outcome: 'mismatch', source: 'ledger' });
    expect((await service.spent()).today.calls).toBe(2);
    upstream.expectCalls(2);

    expect(inUse).toContain('v1.'); // the keys are there, so these are the right bytes
    for (const stored of [inUse, closed]) {
      for (const { name, idCard, mobile } of [first, second]) {
        expect(stored).not.toContain(Buffer.from(name).toString('latin1'));
        expect(stored).not.toContain(idCard);
        expect(stored).not.toContain(mobile);
      }
      expect(stored).not.toContain('a pepper for unit tests');
    }
  });

  it('erases a person from the file', async () => {
    const file = join(folder, 'forget.db');
    const upstream = new FakeUpstream();
    const service = await start(file, upstream);
    await service.verify(first);
    expect(await service.forget({ idCard: first.idCard })).toBeGreaterThan(0);
    expect(await service.forget({ mobile: first.mobile })).toBe(0);
    await service.verify(first);
    upstream.expectCalls(2);
  });

  it('sends nothing while another process locks the file, and verifies again afterwards', async () => {
    const file = join(folder, 'held.db');
    const upstream = new FakeUpstream();
    const service = await start(file, upstream);
    await service.verify(first);
    const other = createClient({ url: `file:${file}` });
    const held = await other.transaction('write');
    await expect(service.verify(second)).rejects.toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE', billed: 'no' });
    expect(await service.verify(first)).toMatchObject({ source: 'ledger' });
    upstream.expectCalls(1);
    await held.rollback();
    other.close();
    expect(await service.verify(second)).toMatchObject({ source: 'upstream' });
  });

  it('sends nothing once the ledger is closed', async () => {
    const upstream = new FakeUpstream();
    const service = await start(join(folder, 'closed.db'), upstream);
    running?.ledger.close();
    await expect(service.verify(first)).rejects.toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE', billed: 'no' });
    upstream.expectCalls(0);
  });

  it('requires a pepper in the options', () => {
    const ledger = new SqliteLedger({ file: join(folder, 'pepper.db') });
    expect(() => IdentityVerifyModule.forRoot({ credentials: { appCode: 'code' }, ledger })).toThrow(
      'pepper is required with a shared ledger',
    );
    ledger.close();
  });
});
