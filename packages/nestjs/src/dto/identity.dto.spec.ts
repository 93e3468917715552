import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { IdentityDto, IsPersonName, IsResidentIdNumber } from './identity.dto.js';
import { checkIdentity } from '../identity/identity.check.js';
import { REFUSAL_REASONS } from '../identity/refusal-reasons.data.js';

const messages = (body: object) =>
  validateSync(plainToInstance(IdentityDto, body)).map(({ property, constraints }) => [
    property,
    Object.values(constraints ?? {}),
  ]);

describe('IdentityDto', () => {
  it.each(TEST_POPULATION)('accepts $name', (person) => {
    expect(messages(person)).toEqual([]);
  });

  it('reports violations with the messages of the rules', () => {
    expect(messages({ ...TEST_POPULATION[0], idCard: '110101190001010024', mobile: 7 })).toEqual([
      ['idCard', [REFUSAL_REASONS.id_number_check_character]],
      ['mobile', [REFUSAL_REASONS.mobile_type]],
    ]);
  });

  it.each([
    { name: 'TEST PERSON' }, // a Latin name with the number of a resident
    { name: 'TEST PERSON', idCard: '91115619000101001X' },
    { name: 'TEST PERSON', idCard: '1' },
    { name: '测 试\u200b甲', idCard: '110101-19000101-0014', mobile: '（+86）16000020001' },
    { name: '姓名：测试甲', mobile: '手机：16000020001' },
    { name: '测\u0000试', idCard: '1101011900\u34640001', mobile: '1600002000\u2800' },
    { name: ['测试甲'], idCard: null, mobile: 16_000_020_001 },
  ])('agrees with the service about %j', (fields) => {
    const body = { ...TEST_POPULATION[0], ...fields };
    const checked = checkIdentity(body, { today: 2026_11_24 });
    const expected = checked.ok ? [] : checked.violations.map(({ field, message }) => [field, [message]]);
    expect(messages(body)).toEqual(expected);
  });

  it('refuses a body without fields', () => {
    expect(messages({}).map(([property]) => property)).toEqual(['name', 'idCard', 'mobile']);
  });

  it('supports the accepted documents and the usual validation options', () => {
    class Form {
      @IsResidentIdNumber(['hmt_permit'], { message: 'permit, please' })
      permit = TEST_POPULATION[0].idCard;

      @IsPersonName({ each: true })
      names = ['测试甲', '1'];
    }
    const errors = validateSync(new Form()).map(({ constraints }) => Object.values(constraints ?? {})[0]);
    expect(errors[0]).toBe('permit, please');
    expect(errors[1]).toBe(`each value in ${REFUSAL_REASONS.name_characters}`);
  });
});
