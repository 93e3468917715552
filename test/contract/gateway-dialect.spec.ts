import { TEST_POPULATION } from '@identity-verify/contract';
import { startMockServer, type MockServer, type MockServerOptions } from '@identity-verify/mock-server';
import type { IdentityVerifyError } from '@identity-verify/nestjs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openClient } from '../support/client.js';

const [person] = TEST_POPULATION;

const opened: { close(): Promise<unknown> }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((each) => each.close())));

async function startMock(options: MockServerOptions = {}): Promise<MockServer> {
  const mock = await startMockServer({ port: 0, ...options });
  opened.push(mock);
  return mock;
}

/** Calls twice in a row, and reports both answers, the calls made and the calls counted. */
async function askTwice(mock: MockServer, mobile: string = person.mobile) {
  const client = await openClient({
    baseUrl: mock.url,
    credentials: { appCode: 'dialect' },
    retry: { baseMs: 1, capMs: 1 },
  });
  opened.push(client);
  const ask = () =>
    client.service.verify({ ...person, mobile }).then(
      ({ outcome, source }) => `${outcome} ${source}`,
      ({ code, billed }: IdentityVerifyError) => `${code} ${billed}`,
    );
  const seen = [await ask(), await ask()];
  const { today } = await client.service.spent();
  return { seen, calls: mock.namespace('dialect').calls(), counted: today.calls };
}

describe('a gateway that sends a message with successes', () => {
  it.each([true, 'OK', 'ok', '成功', 'something new'])('does not change the result: %j', async (successHeader) => {
    const mock = await startMock({ successHeader });
    const told = await fetch(`${mock.url}/communication/personal/1979`, {
      method: 'POST',
      headers: { Authorization: 'APPCODE other' },
      body: new URLSearchParams({ name: person.name, idcard: person.idCard, mobile: person.mobile }),
    });
    const header = Buffer.from(told.headers.get('X-Ca-Error-Message') ?? '', 'latin1').toString();
    expect(header).toBe(successHeader === true ? 'OK' : successHeader);
    expect(await askTwice(mock)).toEqual({ seen: ['match upstream', 'match ledger'], calls: 1, counted: 1 });
    expect(await askTwice(await startMock({ successHeader }), '16000000002')).toMatchObject({
      seen: ['mismatch upstream', 'mismatch ledger'],
    });
  });

  it('is off by default', async () => {
    for (const options of [{}, { successHeader: false }]) {
      const mock = await startMock(options);
      const told = await fetch(`${mock.url}/communication/personal/1979`, {
        method: 'POST',
        headers: { Authorization: 'APPCODE other' },
        body: new URLSearchParams({ name: person.name, idcard: person.idCard, mobile: person.mobile }),
      });
      expect(told.headers.has('X-Ca-Error-Message')).toBe(false);
    }
  });
});

describe('a gateway that sends a refusal with successes', () => {
  const DOUBT = { seen: ['IDV_REPLY_UNREADABLE unknown', 'IDV_IN_DOUBT no'], calls: 1, counted: 1 };

  it('gets one call, which counts and is in doubt', async () => {
    expect(await askTwice(await startMock({ successHeader: 'Throttled by API Flow Control' }))).toEqual(DOUBT);
    expect(await askTwice(await startMock(), '16000099033')).toEqual(DOUBT);
  });

  it('closes no latch', async () => {
    const mock = await startMock({ successHeader: 'Quota Exhausted' });
    expect(await askTwice(mock)).toEqual(DOUBT);
    const client = await openClient({ baseUrl: mock.url, credentials: { appCode: 'dialect' } });
    opened.push(client);
    await expect(client.service.verify(person)).rejects.toMatchObject({ code: 'IDV_REPLY_UNREADABLE' });
    await expect(client.service.verify(TEST_POPULATION[1])).rejects.toMatchObject({ code: 'IDV_REPLY_UNREADABLE' });
  });
});

describe('a gateway without error codes', () => {
  it('is recognised by its messages', async () => {
    const old = await startMock({ gatewayErrorCodes: false });
    expect(await askTwice(old, '16000040309')).toEqual({
      seen: ['IDV_QUOTA no', 'IDV_LATCHED no'],
      calls: 1,
      counted: 0,
    });
  });
});
