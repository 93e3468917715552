import {
  GATEWAY_ANSWERS,
  RESPONSE_CODES,
  STATES,
  TEST_MOBILES,
  TEST_POPULATION,
  type TestScenario,
} from '@identity-verify/contract';
import { checkIdNumber } from '@identity-verify/nestjs';

/** A test identity of the playground. */
export interface PlaygroundIdentity {
  readonly name: string;
  readonly idCard: string;
  readonly mobile: string;
  readonly group: 'people' | TestScenario['kind'];
  /** The behaviour that the mobile selects: a code with its message, a state, a gateway row or a fault. */
  readonly label: string;
}

const [person] = TEST_POPULATION;

/** Returns all test identities in the order of the contract. */
export function playgroundIdentities(): readonly PlaygroundIdentity[] {
  return [
    ...TEST_POPULATION.map((each): PlaygroundIdentity =>
      Object.assign({ group: 'people' as const, label: each.name }, each),
    ),
    ...TEST_MOBILES.map(({ mobile, scenario }, index): PlaygroundIdentity => ({
      name: person.name,
      // Each identity has its own ID number. Several mobiles for one number would exceed the subject limit.
      idCard: syntheticIdNumber(index),
      mobile,
      group: scenario.kind,
      label: labelOf(scenario),
    })),
  ];
}

/** Creates a synthetic ID number: born 1900-01-01, with a valid check character. */
function syntheticIdNumber(index: number): string {
  const digits = `${person.idCard.slice(0, 14)}${300 + index}`;
  const fits = (last: string) => checkIdNumber(digits + last, { today: 20_000_101 }).ok;
  return digits + (Array.from('0123456789X').find(fits) ?? '');
}

function labelOf(scenario: TestScenario): string {
  if (scenario.kind === 'state') {
    const row = STATES.find(({ state }) => state === scenario.state);
    return row ? `state ${row.state} ${row.meaning}` : 'data: null';
  }
  if (scenario.kind === 'fault') return scenario.fault;
  if (scenario.kind === 'gateway') {
    const row = GATEWAY_ANSWERS.find(({ id }) => id === scenario.rowId);
    return row?.message || `${row?.errorCodes[0]} ${scenario.rowId}`;
  }
  return `${scenario.code} ${RESPONSE_CODES.find(({ code }) => code === scenario.code)?.message ?? ''}`;
}
