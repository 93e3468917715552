import { GATEWAY_FAMILIES, GATEWAY_ROWS, RESPONSE_CODES, TEST_POPULATION } from '@identity-verify/contract';
import { startMockServer, type MockServer } from '@identity-verify/mock-server';
import { isIdentityVerifyError, type IdentityVerifyService } from '@identity-verify/nestjs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openClient } from '../support/client.js';
import {
  GATEWAY_FAMILY_TABLE,
  GATEWAY_TABLE,
  VENDOR_ROWS,
  type ExpectedGatewayRow,
} from './vendor-document.fixture.js';

const [{ name, idCard }] = TEST_POPULATION;

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer({ port: 0 });
});
afterAll(() => mock.close());

/** Calls the mock without the client, as the vendor's curl example does. */
async function raw(
  mobile: string,
  appCode: string,
): Promise<{ status: number; body: string; message: string; errorCode: string; requestId: string }> {
  const reply = await fetch(`${mock.url}/communication/personal/1979`, {
    method: 'POST',
    headers: {
      Authorization: `APPCODE ${appCode}`,
      'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
    },
    body: new URLSearchParams({ name, idcard: idCard, mobile }),
  });
  const header = (named: string) => Buffer.from(reply.headers.get(named) ?? '', 'latin1').toString('utf8');
  return {
    status: reply.status,
    body: await reply.text(),
    message: header('X-Ca-Error-Message'),
    errorCode: header('X-Ca-Error-Code'),
    requestId: header('X-Ca-Request-Id'),
  };
}

/** Calls through the module, with a new ledger each time. */
async function ask(mobile: string, appCode: string) {
  const { service, close } = await openClient({ baseUrl: mock.url, credentials: { appCode }, retry: { max: 0 } });
  try {
    return await answer(service, mobile);
  } finally {
    await close();
  }
}

async function answer(service: IdentityVerifyService, mobile: string) {
  try {
    const { outcome, code, billed, seqNo } = await service.verify({ name, idCard, mobile });
    return { kind: outcome, code, billed, retryable: false, httpStatus: 200, seqNo };
  } catch (error) {
    if (!isIdentityVerifyError(error)) throw error;
    const { category, upstreamCode, billed, retryable, httpStatus, seqNo } = error;
    return { kind: category, code: upstreamCode, billed, retryable, httpStatus, seqNo };
  }
}

describe("the vendor's table", () => {
  it('is complete in the contract: exactly 21 codes', () => {
    expect(RESPONSE_CODES.map(({ code, message }) => [code, message])).toEqual([
      ...new Map(VENDOR_ROWS.map(([, code, message]) => [code, [code, message]])).values(),
    ]);
    expect(RESPONSE_CODES).toHaveLength(21);
  });

  it.each(VENDOR_ROWS)('%s: the mock answers with %s %s', async (mobile, code, message, kind) => {
    const reply = await raw(mobile, 'raw-vendor');
    const body = JSON.parse(reply.body) as { code: unknown; message: unknown; data: unknown; seqNo: unknown };
    expect(reply.status).toBe(200);
    expect(body).toMatchObject({ code, message });
    expect(typeof body.seqNo).toBe('string');
    const state =
      { match: { state: '1' }, mismatch: { state: '2' } }[kind] ?? (mobile === '16000000003' ? { state: '3' } : null);
    expect(body.data ?? null).toEqual(state);
  });

  it.each(VENDOR_ROWS)(
    '%s: the client decodes code %s %s as %s',
    async (mobile, code, _message, kind, billed, retryable, httpStatus) => {
      const appCode = `client-${mobile}`;
      const seen = await ask(mobile, appCode);
      expect(seen).toMatchObject({ kind, code, billed, retryable, httpStatus });
      expect(seen.seqNo).toMatch(/^\S+$/);
      expect(mock.namespace(appCode).calls()).toBe(1);
    },
  );
});

const ANSWERS: readonly ExpectedGatewayRow[] = [...GATEWAY_TABLE, ...GATEWAY_FAMILY_TABLE];

describe("the gateway's table", () => {
  it('is complete in the contract', () => {
    expect(
      GATEWAY_ROWS.map(({ message, errorCodes, testSuffix }) => [testSuffix, message, errorCodes.join(' ')]),
    ).toEqual(GATEWAY_TABLE.map(([mobile, , message, , , , , codes = '']) => [mobile.slice(6), message, codes]));
    expect(GATEWAY_FAMILIES.map(({ codePrefix }) => codePrefix)).toEqual(
      GATEWAY_FAMILY_TABLE.map(([, , , , , , , prefix]) => prefix),
    );
  });

  it.each(ANSWERS)('%s: the mock answers with status %j and message %j', async (mobile, statuses, message, ...rest) => {
    const reply = await raw(mobile, 'raw-gateway');
    const [, , , , codes = ''] = rest;
    expect(statuses).toContain(reply.status);
    expect(reply.message.startsWith(message)).toBe(true);
    if (codes === '') expect(reply.errorCode).toBe('');
    else expect(codes.split(' ').some((code) => reply.errorCode.startsWith(code))).toBe(true);
    expect(reply.requestId).not.toBe('');
  });

  it.each(ANSWERS)(
    '%s: the client decodes %j %s as %s',
    async (mobile, _statuses, _message, kind, billed, retryable, httpStatus) => {
      const appCode = `client-${mobile}`;
      expect(await ask(mobile, appCode)).toMatchObject({ kind, billed, retryable, httpStatus });
      expect(mock.namespace(appCode).calls()).toBe(1);
    },
  );
});

describe('the test population', () => {
  it.each(TEST_POPULATION)('$name: the right triple matches', async (person) => {
    const { service, close } = await openClient({ baseUrl: mock.url, credentials: { appCode: 'population' } });
    const other = TEST_POPULATION.find(({ idCard: id }) => id !== person.idCard);
    expect((await service.verify(person)).outcome).toBe('match');
    expect((await service.verify({ ...person, name: '测试丁' })).outcome).toBe('mismatch');
    expect((await service.verify({ ...person, mobile: other!.mobile })).outcome).toBe('mismatch');
    await close();
  });

  it('has no record of other people', async () => {
    const { service, close } = await openClient({ baseUrl: mock.url, credentials: { appCode: 'population' } });
    const { outcome, code } = await service.verify({
      name: '测试丁',
      idCard: '440101190001010045',
      mobile: '16000020009',
    });
    expect([outcome, code]).toEqual(['no_record', '10001']);
    await close();
  });
});
