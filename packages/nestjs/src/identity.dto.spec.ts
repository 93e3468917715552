import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { IdentityDto, IsPersonName, IsResidentIdNumber } from './identity.dto.js';
import { ID_NUMBER_REASONS } from './identity/id-number.rule.js';
import { MOBILE_REASONS } from './identity/mobile.rule.js';

const messages = (body: object) =>
  validateSync(plainToInstance(IdentityDto, body)).map(({ property, constraints }) => [
    property,
    Object.values(constraints ?? {}),
  ]);

describe('IdentityDto', () => {
  it.each(TEST_POPULATION)('accepts $name', (person) => {
    expect(messages(person)).toEqual([]);
  });

  it('says what is wrong in the words of the rules', () => {
    expect(messages({ ...TEST_POPULATION[0], idCard: '110101190001010024', mobile: 7 })).toEqual([
      ['idCard', [ID_NUMBER_REASONS.id_number_check_character]],
      ['mobile', [MOBILE_REASONS.mobile_format]],
    ]);
  });

  it('refuses a body without fields', () => {
    expect(messages({}).map(([property]) => property)).toEqual(['name', 'idCard', 'mobile']);
  });

  it('takes the accepted documents and the usual validation options', () => {
    class Form {
      @IsResidentIdNumber(['hmt_permit'], { message: 'permit, please' })
      permit = TEST_POPULATION[0].idCard;

      @IsPersonName({ each: true })
      names = ['测试甲', '1'];
    }
    const errors = validateSync(new Form()).map(({ constraints }) => Object.values(constraints ?? {})[0]);
    expect(errors[0]).toBe('permit, please');
    expect(errors[1]).toMatch(/^each value in /);
  });
});
