import { describe, expect, it } from '@jest/globals';
import { GATEWAY_ANSWERS, GATEWAY_FAMILIES, type GatewayFamily } from './gateway-families.data.js';
import { GATEWAY_ROWS, type GatewayRow } from './gateway-rows.data.js';
import { RESPONSE_CODES } from './response-codes.data.js';
import { isTestMobile, TEST_BIRTH_DATE, TEST_MOBILES, TEST_POPULATION } from './test-identities.data.js';
import { TRANSPORT_FAULTS } from './transport-faults.data.js';

const unique = (values: readonly string[]) => new Set(values).size === values.length;
const ROWS: readonly GatewayRow[] = GATEWAY_ROWS;
const FAMILIES: readonly GatewayFamily[] = GATEWAY_FAMILIES;
const verdictOf = ({ category, retry, billed, httpStatus }: GatewayRow) => ({ category, retry, billed, httpStatus });

describe('the tables', () => {
  it('have no row twice', () => {
    expect(unique(RESPONSE_CODES.map(({ code }) => code))).toBe(true);
    expect(unique(GATEWAY_ANSWERS.map(({ id }) => id))).toBe(true);
    expect(unique(ROWS.map(({ message }) => message).filter(Boolean))).toBe(true);
    expect(unique(TRANSPORT_FAULTS.map(({ name }) => name))).toBe(true);
  });

  it('give every scenario its own mobile in the reserved block', () => {
    expect(unique(TEST_MOBILES.map(({ mobile }) => mobile))).toBe(true);
    for (const { mobile } of TEST_MOBILES) expect(isTestMobile(mobile)).toBe(true);
  });

  it('mark a retry as safe only if the call is unbilled', () => {
    for (const row of [...RESPONSE_CODES, ...GATEWAY_ANSWERS]) {
      if (row.kind === 'error' && (row.retry === 'safe' || row.retry === 're_sign')) expect(row.billed).toBe('no');
    }
  });

  it('let no message of the gateway match another row', () => {
    for (const row of ROWS.filter(({ message }) => message !== '')) {
      const matching = ROWS.filter(({ message, prefix }) =>
        prefix ? row.message.startsWith(prefix) : row.message === message,
      );
      expect(matching).toEqual([row]);
      if (row.prefix !== undefined) expect(row.message.startsWith(row.prefix)).toBe(true);
      // Node joins repeated headers with a comma, so a message is compared up to the first comma.
      expect(row.prefix ?? row.message).not.toContain(',');
    }
  });

  it('give every row a code or a message', () => {
    for (const { errorCodes, message } of GATEWAY_ANSWERS) expect(errorCodes.length > 0 || message !== '').toBe(true);
  });

  it('give rows that share a code the same meaning', () => {
    for (const row of ROWS) {
      for (const other of ROWS.filter(({ errorCodes }) => errorCodes.some((code) => row.errorCodes.includes(code))))
        expect(verdictOf(other)).toEqual(verdictOf(row));
    }
  });

  it('give every family its own prefix, and its codes no row', () => {
    for (const { codePrefix, errorCodes } of FAMILIES) {
      expect(FAMILIES.filter((other) => other.codePrefix.startsWith(codePrefix))).toHaveLength(1);
      for (const code of errorCodes) {
        expect(code.startsWith(codePrefix)).toBe(true);
        expect(ROWS.some((row) => row.errorCodes.includes(code))).toBe(false);
      }
    }
  });

  it('mark only families refused before the back end as unbilled', () => {
    const unbilled = FAMILIES.filter(({ billed }) => billed === 'no');
    expect(unbilled.map(({ codePrefix }) => codePrefix)).toEqual(['A4', 'B4', 'T4', 'I4']);
    for (const { statuses } of unbilled) expect(statuses.every((status) => status >= 400 && status < 500)).toBe(true);
  });
});

describe('the test population', () => {
  it('contains no person who could be alive', () => {
    for (const { idCard, mobile } of TEST_POPULATION) {
      expect(idCard.slice(6, 14)).toBe(TEST_BIRTH_DATE);
      expect(isTestMobile(mobile)).toBe(true);
    }
  });

  it('uses no mobile that has a scenario', () => {
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
