import {
  TEST_MOBILES,
  TEST_POPULATION,
  type Described,
  type TestPerson,
  type TestScenario,
} from '@identity-verify/contract';
import { checkIdNumber } from '@identity-verify/nestjs';

/**
 * A test identity of the playground. Its descriptions are those of the contract, which the mock's own page shows too; a
 * person of the population is described by their name.
 */
export interface PlaygroundIdentity extends Described, TestPerson {
  readonly group: 'people' | TestScenario['kind'];
}

const [person] = TEST_POPULATION;

/** Returns all test identities in the order of the contract. */
export function playgroundIdentities(): readonly PlaygroundIdentity[] {
  return [
    ...TEST_POPULATION.map((each): PlaygroundIdentity =>
      Object.assign({ group: 'people' as const, description: each.name, descriptionZh: each.name }, each),
    ),
    ...TEST_MOBILES.map(({ mobile, scenario, description, descriptionZh }, index): PlaygroundIdentity => ({
      name: person.name,
      // Each identity has its own ID number. Several mobiles for one number would exceed the subject limit.
      idCard: syntheticIdNumber(person.idCard.slice(0, 6), 300 + index),
      mobile,
      group: scenario.kind,
      description,
      descriptionZh,
    })),
  ];
}

/** Province codes of fresh identities, none of which the list above uses. */
const REGIONS = ['120101', '130102', '320102', '330102', '420102', '440103', '500101', '510104', '610102'];
const PER_REGION = 1_000;
/** Mobiles without a scenario: the mock answers by the population or its default. */
const FIRST_MOBILE = 16_000_030_000;

/** The number of fresh identities before they repeat. */
export const FRESH_IDENTITIES = REGIONS.length * PER_REGION;

/** Returns a synthetic identity that no list has, and that nobody has asked about. @param n from 0 */
export function freshIdentity(n: number): TestPerson {
  const index = n % FRESH_IDENTITIES;
  const region = REGIONS[Math.floor(index / PER_REGION)] ?? '';
  return {
    name: person.name,
    idCard: syntheticIdNumber(region, index % PER_REGION),
    mobile: String(FIRST_MOBILE + index),
  };
}

/** Creates a synthetic ID number: born 1900-01-01, with a valid check character. */
function syntheticIdNumber(region: string, serial: number): string {
  const digits = `${region}${person.idCard.slice(6, 14)}${String(serial).padStart(3, '0')}`;
  const fits = (last: string) => checkIdNumber(digits + last, { today: 20_000_101 }).ok;
  return digits + (Array.from('0123456789X').find(fits) ?? '');
}
