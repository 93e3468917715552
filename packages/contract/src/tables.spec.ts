import { describe, expect, it } from '@jest/globals';
import { GATEWAY_ROWS, type GatewayRow } from './gateway-rows.data.js';
import { RESPONSE_CODES } from './response-codes.data.js';
import { isTestMobile, TEST_BIRTH_DATE, TEST_MOBILES, TEST_POPULATION } from './test-identities.data.js';
import { TRANSPORT_FAULTS } from './transport-faults.data.js';

const unique = (values: readonly string[]) => new Set(values).size === values.length;
const ROWS: readonly GatewayRow[] = GATEWAY_ROWS;

describe('the tables', () => {
  it('name every row once', () => {
    expect(unique(RESPONSE_CODES.map(({ code }) => code))).toBe(true);
    expect(unique(ROWS.map(({ id }) => id))).toBe(true);
    expect(unique(TRANSPORT_FAULTS.map(({ name }) => name))).toBe(true);
  });

  it('give every scenario a mobile of its own, in the reserved block', () => {
    expect(unique(TEST_MOBILES.map(({ mobile }) => mobile))).toBe(true);
    for (const { mobile } of TEST_MOBILES) expect(isTestMobile(mobile)).toBe(true);
  });

  it('never call a repetition safe that may have been billed', () => {
    for (const row of [...RESPONSE_CODES, ...ROWS]) {
      if (row.kind === 'error' && (row.retry === 'safe' || row.retry === 're_sign')) expect(row.billed).toBe('no');
    }
  });

  it('let no message of the gateway be taken for another', () => {
    for (const row of ROWS) {
      const matching = ROWS.filter(({ message, prefix }) =>
        prefix ? row.message.startsWith(prefix) : row.message === message,
      );
      expect(matching).toEqual([row]);
    }
  });
});

describe('the test population', () => {
  it('has nobody who could be alive', () => {
    for (const { idCard, mobile } of TEST_POPULATION) {
      expect(idCard.slice(6, 14)).toBe(TEST_BIRTH_DATE);
      expect(isTestMobile(mobile)).toBe(true);
    }
  });

  it('carries no mobile that has a scenario', () => {
    const scenarios = new Set(TEST_MOBILES.map(({ mobile }) => mobile));
    for (const { mobile } of TEST_POPULATION) expect(scenarios.has(mobile)).toBe(false);
  });

  it.each(['13800138000', '16000110007', '1600001000', '160000100070', '16000010007\n'])(
    'does not reserve %j',
    (mobile) => {
      expect(isTestMobile(mobile)).toBe(false);
    },
  );
});
