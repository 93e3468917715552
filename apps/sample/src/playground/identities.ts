import { TEST_MOBILES, TEST_POPULATION, type Described, type TestScenario } from '@identity-verify/contract';
import { checkIdNumber } from '@identity-verify/nestjs';

/**
 * A test identity of the playground. Its descriptions are those of the contract, which the mock's own page shows too; a
 * person of the population is described by their name.
 */
export interface PlaygroundIdentity extends Described {
  readonly name: string;
  readonly idCard: string;
  readonly mobile: string;
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
      idCard: syntheticIdNumber(index),
      mobile,
      group: scenario.kind,
      description,
      descriptionZh,
    })),
  ];
}

/** Creates a synthetic ID number: born 1900-01-01, with a valid check character. */
function syntheticIdNumber(index: number): string {
  const digits = `${person.idCard.slice(0, 14)}${300 + index}`;
  const fits = (last: string) => checkIdNumber(digits + last, { today: 20_000_101 }).ok;
  return digits + (Array.from('0123456789X').find(fits) ?? '');
}
