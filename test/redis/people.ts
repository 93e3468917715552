import { TEST_POPULATION } from '@identity-verify/contract';
import { checkIdNumber, type Identity } from '@identity-verify/nestjs';

/** Synthetic people, born on 1900-01-01, with reserved mobiles. */
export function people(count: number, name: string = TEST_POPULATION[0].name): Identity[] {
  return Array.from({ length: count }, (_, index) => {
    const digits = `11010119000101${String(index % 1_000).padStart(3, '0')}`;
    const last = Array.from('0123456789X').find((each) => checkIdNumber(digits + each, { today: 20_000_101 }).ok);
    return { name, idCard: `${digits}${last}`, mobile: `160000${String(30_000 + index)}` };
  });
}

/** Each ten times, in a random order. */
export function tenTimes<T>(list: readonly T[]): T[] {
  return Array.from({ length: 10 }, () => list)
    .flat()
    .map((each) => ({ each, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each);
}
