import { describeCode, describeGatewayRow, describeState, NULL_DATA, type Described } from './descriptions.data.js';
import { GATEWAY_ANSWERS } from './gateway-families.data.js';
import { RESPONSE_CODES } from './response-codes.data.js';
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

/** A reserved mobile and its scenario, described in both languages. */
export interface TestMobile extends Described {
  readonly mobile: string;
  readonly scenario: TestScenario;
}

/** The beginning of every reserved mobile; five digits follow. */
export const TEST_MOBILE_PREFIX = '160000';

/** The birth date (`yyyymmdd`) of every ID number in the test population. */
export const TEST_BIRTH_DATE = '19000101';

const reserved = (suffix: string, scenario: TestScenario, { description, descriptionZh }: Described): TestMobile => ({
  mobile: `${TEST_MOBILE_PREFIX}${suffix}`,
  scenario,
  description,
  descriptionZh,
});

/**
 * Every reserved mobile with a scenario, derived from the other tables. `16000010007` answers 10007; `16000000001` to
 * `…3` are the states; `16000000000` is 10000 with `data: null`. Rows and families of the gateway, and faults, define
 * their own suffix.
 */
export const TEST_MOBILES: readonly TestMobile[] = [
  ...STATES.map((row) => reserved(`0000${row.state}`, { kind: 'state', state: row.state }, describeState(row))),
  reserved('00000', { kind: 'state', state: null }, NULL_DATA),
  ...RESPONSE_CODES.filter((row) => row.kind !== 'by_state').map((row) =>
    reserved(row.code, { kind: 'code', code: row.code }, describeCode(row)),
  ),
  ...GATEWAY_ANSWERS.map((row) =>
    reserved(row.testSuffix, { kind: 'gateway', rowId: row.id }, describeGatewayRow(row)),
  ),
  ...TRANSPORT_FAULTS.map((fault) => reserved(fault.testSuffix, { kind: 'fault', fault: fault.name }, fault)),
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
