import { systemClock, type Clock, type Identity, type IdentityVerifyOptions } from '@identity-verify/nestjs';
import { FakeUpstream } from '@identity-verify/nestjs/testing';
import { expect } from '@jest/globals';
import { openClient, type Client } from '../support/client.js';

const TWO_DAYS = 2 * 86_400_000;

type AnyLedger = NonNullable<IdentityVerifyOptions['ledger']>;

function startProcess(ledger: AnyLedger, transport: FakeUpstream, clock?: Clock): Promise<Client> {
  return openClient({
    credentials: { appCode: 'an-app-code-of-the-tests' },
    baseUrl: 'http://127.0.0.1',
    ledger,
    ledgerTimeoutMs: 10_000,
    transport,
    clock,
  });
}

/**
 * Asks about two people, of whom the second does not match, and lets somebody forge the entry of the second. Whatever was
 * forged, the second person is not believed, and no call is paid for.
 *
 * @param open makes the ledger of one process, on one store
 * @param forge what somebody does who can write to the store, but does not know the pepper
 */
export async function forgedAnswersAreRefused(
  open: () => AnyLedger,
  [first, second]: readonly [Identity, Identity, ...Identity[]],
  forge: () => Promise<void>,
): Promise<void> {
  const upstream = new FakeUpstream().verifyReturns('match', 'mismatch');
  const start = () => startProcess(open(), upstream);
  const before = await start();
  try {
    await before.service.verify(first);
    expect(await before.service.verify(second)).toMatchObject({ outcome: 'mismatch' });
  } finally {
    await before.close();
  }

  const { service, close } = await start();
  try {
    expect(await service.verify(second)).toMatchObject({ outcome: 'mismatch', source: 'ledger' });
    await forge();
    await expect(service.verify(second)).rejects.toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE', billed: 'no' });
    expect(await service.verify(first)).toMatchObject({ outcome: 'match', source: 'ledger' });
    upstream.expectCalls(2);
    // The way out: erased, and asked again.
    await service.forget({ idCard: second.idCard });
    upstream.verifyReturns('mismatch');
    expect(await service.verify(second)).toMatchObject({ outcome: 'mismatch', source: 'upstream' });
  } finally {
    await close();
  }
}

/**
 * Asks about a person, and again from a process for which two days have passed, of a store for which they have not: somebody
 * who can write to the store has put the answer back when it was over. It is not believed, and no call is paid for.
 */
export async function overAnswersAreRefused(open: () => AnyLedger, person: Identity): Promise<void> {
  const upstream = new FakeUpstream().verifyReturns('match');
  const before = await startProcess(open(), upstream);
  try {
    expect(await before.service.verify(person)).toMatchObject({ outcome: 'match', source: 'upstream' });
  } finally {
    await before.close();
  }
  const { service, close } = await startProcess(open(), upstream, { ...systemClock, now: () => Date.now() + TWO_DAYS });
  try {
    await expect(service.verify(person)).rejects.toMatchObject({
      code: 'IDV_LEDGER_UNAVAILABLE',
      billed: 'no',
      message: expect.stringContaining('beyond its lifetime'),
    });
    upstream.expectCalls(1);
  } finally {
    await close();
  }
}
