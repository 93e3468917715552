import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { IdentityInputError } from '../errors/identity-verify.error.js';
import { checkPerson, type Person } from './person.check.js';

const TODAY = 2026_01_01;
const [person] = TEST_POPULATION;
const { name, idCard, mobile } = person;

/** The fields and reasons of a refusal. */
function refusalOf(given: unknown): string[] {
  try {
    checkPerson(given as Person, TODAY);
  } catch (error) {
    if (!(error instanceof IdentityInputError)) throw error;
    expect(error.code).toBe('IDV_INPUT_INVALID');
    return error.violations.map(({ field, reason }) => `${field}: ${reason}`);
  }
  throw new Error('It was accepted.');
}

describe('checkPerson', () => {
  it.each<[string, Person, object]>([
    ['an ID number', { idCard }, { idCard }],
    ['a mobile', { mobile }, { mobile }],
    ['both', { idCard, mobile }, { idCard, mobile }],
    ['both, as people type them', { idCard: ` ${idCard} `, mobile: `+86 ${mobile}` }, { idCard, mobile }],
    ['a name and an ID number', { name, idCard }, { idCard }],
    ['a name and a mobile', { name, mobile }, { mobile }],
    ['all three', person, { idCard, mobile, identity: { name, idCard, mobile } }],
  ])('accepts %s', (_title, given, expected) => {
    expect(checkPerson(given, TODAY)).toEqual(expected);
  });

  it.each<[string, unknown, string[]]>([
    ['nobody', {}, ['idCard: id_number_required']],
    ['a name alone', { name }, ['idCard: id_number_required']],
    ['null', null, ['idCard: id_number_required']],
    ['a text', mobile, ['idCard: id_number_required']],
    ['a wrong ID number', { idCard: '1' }, ['idCard: id_number_format']],
    ['a wrong mobile', { mobile: '1' }, ['mobile: mobile_format']],
    ['two wrong fields', { idCard: '1', mobile: '1' }, ['idCard: id_number_format', 'mobile: mobile_format']],
    ['a wrong field beside a right one', { idCard, mobile: '1' }, ['mobile: mobile_format']],
    ['a wrong name beside two right fields', { name: '', idCard, mobile }, ['name: name_required']],
  ])('refuses %s', (_title, given, expected) => {
    expect(refusalOf(given)).toEqual(expected);
  });
});
