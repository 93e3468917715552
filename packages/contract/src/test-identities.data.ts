import { GATEWAY_ANSWERS } from './gateway-families.data.js';
import { RESPONSE_CODES, SUCCESS_CODE } from './response-codes.data.js';
import { STATES } from './states.data.js';
import { TRANSPORT_FAULTS, type TransportFaultName } from './transport-faults.data.js';

/** A synthetic person. No living person was born on 1900-01-01, and the mobile block 160 is not allocated. */
export interface TestPerson {
  readonly name: string;
  readonly idCard: string;
  readonly mobile: string;
}

/** The behaviour of the mock for a test mobile. */
export type TestScenario =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'state'; readonly state: string | null }
  /** `rowId` is the id of a row or a family. */
  | { readonly kind: 'gateway'; readonly rowId: string }
  | { readonly kind: 'fault'; readonly fault: TransportFaultName };

/** A reserved mobile and its scenario. */
export interface TestMobile {
  readonly mobile: string;
  readonly scenario: TestScenario;
}

/** The beginning of every reserved mobile; five digits follow. */
export const TEST_MOBILE_PREFIX = '160000';

/** The birth date (`yyyymmdd`) of every ID number in the test population. */
export const TEST_BIRTH_DATE = '19000101';

const mobile = (suffix: string) => `${TEST_MOBILE_PREFIX}${suffix}`;

/**
 * Every reserved mobile with a scenario, derived from the other tables. `16000010007` answers 10007; `16000000001` to
 * `…3` are the states; `16000000000` is 10000 with `data: null`. Rows and families of the gateway, and faults, define
 * their own suffix.
 */
export const TEST_MOBILES: readonly TestMobile[] = [
  ...STATES.map(({ state }) => ({ mobile: mobile(`0000${state}`), scenario: { kind: 'state' as const, state } })),
  { mobile: mobile('00000'), scenario: { kind: 'state', state: null } },
  ...RESPONSE_CODES.filter(({ code }) => code !== SUCCESS_CODE).map(({ code }) => ({
    mobile: mobile(code),
    scenario: { kind: 'code' as const, code },
  })),
  ...GATEWAY_ANSWERS.map(({ id, testSuffix }) => ({
    mobile: mobile(testSuffix),
    scenario: { kind: 'gateway' as const, rowId: id },
  })),
  ...TRANSPORT_FAULTS.map(({ name, testSuffix }) => ({
    mobile: mobile(testSuffix),
    scenario: { kind: 'fault' as const, fault: name },
  })),
];

/**
 * The people that the mock knows. The right triple is a match; a known ID number with another name or mobile is a
 * mismatch; anything else has no record. Their mobiles are reserved too, but have no scenario.
 */
export const TEST_POPULATION = [
  { name: '测试甲', idCard: '110101190001010014', mobile: '16000020001' },
  { name: '测试乙', idCard: '31010119000101002X', mobile: '16000020002' },
  { name: '测试·丙', idCard: '650101190001010036', mobile: '16000020003' },
] as const satisfies readonly TestPerson[];

const RESERVED_MOBILE = new RegExp(`^${TEST_MOBILE_PREFIX}\\d{5}$`);

/** Returns whether a normalised mobile is reserved for tests, and must not be sent to the vendor. */
export function isTestMobile(normalisedMobile: string): boolean {
  return RESERVED_MOBILE.test(normalisedMobile);
}
