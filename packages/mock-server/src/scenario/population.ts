import { TEST_BIRTH_DATE, TEST_POPULATION, isTestMobile, type TestPerson } from '@identity-verify/contract';

/** What the population says about a triple. */
export type PopulationAnswer = 'match' | 'mismatch' | 'no-record';

/** The synthetic people whom the mock knows, by ID number. */
export class Population {
  readonly #byIdCard = new Map<string, TestPerson>();

  /** @param people further synthetic people beside the test population of the contract */
  constructor(people: readonly TestPerson[] = []) {
    for (const person of [...TEST_POPULATION, ...people]) this.#byIdCard.set(person.idCard, person);
  }

  get size(): number {
    return this.#byIdCard.size;
  }

  /** The right triple is a match, a known ID number with another name or mobile a mismatch, all else has no record. */
  ask(name: string, idCard: string, mobile: string): PopulationAnswer {
    const known = this.#byIdCard.get(idCard.toUpperCase());
    if (!known) return 'no-record';
    return known.name === name && known.mobile === mobile ? 'match' : 'mismatch';
  }
}

/**
 * Why an identity may belong to somebody alive, or undefined when it cannot: a mock is no place for real people.
 * An ID number is synthetic when its birth date is the one nobody alive has; a mobile when its block is not allocated.
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
