import { TEST_BIRTH_DATE, TEST_POPULATION, isTestMobile, type TestPerson } from '@identity-verify/contract';

/** The answer of the population for a name, ID number and mobile. */
export type PopulationAnswer = 'match' | 'mismatch' | 'no-record';

/** The synthetic people of the mock, by ID number. */
export class Population {
  readonly #byIdCard = new Map<string, TestPerson>();

  /** @param people synthetic people in addition to the test population of the contract */
  constructor(people: readonly TestPerson[] = []) {
    for (const person of [...TEST_POPULATION, ...people]) this.#byIdCard.set(person.idCard, person);
  }

  get size(): number {
    return this.#byIdCard.size;
  }

  /**
   * Returns `match` for the exact triple, `mismatch` for a known ID number with another name or mobile, else
   * `no-record`.
   */
  ask(name: string, idCard: string, mobile: string): PopulationAnswer {
    const known = this.#byIdCard.get(idCard.toUpperCase());
    if (!known) return 'no-record';
    return known.name === name && known.mobile === mobile ? 'match' : 'mismatch';
  }
}

/**
 * Returns the reason why an identity may belong to a real person, or undefined if it cannot. An ID number is synthetic
 * if it has the reserved birth date, and a mobile if its block is not allocated.
 */
export function realLookingReason(idCard: string, mobile: string): string | undefined {
  if (/^\d{17}[\dXx]$/.test(idCard) && idCard.slice(6, 14) !== TEST_BIRTH_DATE) {
    return `the ID number may belong to a real person: synthetic ones have the birth date ${TEST_BIRTH_DATE}`;
  }
  if (/^1[3-9]\d{9}$/.test(mobile) && !isTestMobile(mobile)) {
    return 'the mobile may belong to a real person: reserved ones begin with 160000';
  }
  return undefined;
}
