import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkIdentity, REFUSAL_REASONS } from './identity.check.js';

const [person] = TEST_POPULATION;
const check = (input: unknown) => checkIdentity(input, { today: 2026_11_24 });

describe('checkIdentity', () => {
  it('normalises all three', () => {
    expect(
      check({ name: ` ${person.name} `, idCard: `${person.idCard} `, mobile: `+86 ${person.mobile}`, extra: 1 }),
    ).toEqual({
      ok: true,
      identity: person,
      kind: 'resident',
    });
  });

  it('names every field that is wrong, not only the first', () => {
    const result = check({ name: '甲', idCard: '123', mobile: 'x' });
    expect(result).toEqual({
      ok: false,
      violations: [
        { field: 'name', reason: 'name_length', message: REFUSAL_REASONS.name_length },
        { field: 'idCard', reason: 'id_number_format', message: REFUSAL_REASONS.id_number_format },
        { field: 'mobile', reason: 'mobile_format', message: REFUSAL_REASONS.mobile_format },
      ],
    });
  });

  it('does not blame a Latin name on an ID number that is wrong itself', () => {
    const result = check({ ...person, name: 'TEST PERSON', idCard: '123' });
    expect(result.ok ? [] : result.violations.map(({ field }) => field)).toEqual(['idCard']);
  });

  it.each([undefined, null, 'text', 7, [], () => undefined])('refuses %p field by field', (input) => {
    const result = check(input);
    expect(result.ok ? [] : result.violations.map(({ reason }) => reason)).toEqual([
      'name_required',
      'id_number_required',
      'mobile_required',
    ]);
  });

  it('never repeats a value in what it refuses', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 5 }),
        fc.string({ minLength: 5 }),
        fc.string({ minLength: 5 }),
        (name, idCard, mobile) => {
          const result = check({ name, idCard, mobile });
          if (result.ok) return;
          const fixed = Object.values(REFUSAL_REASONS).join(' ');
          for (const value of [name, idCard, mobile]) {
            if (!fixed.includes(value))
              expect(JSON.stringify(result.violations)).not.toContain(JSON.stringify(value).slice(1, -1));
          }
        },
      ),
    );
  });
});
