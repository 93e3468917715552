import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkIdentity, REFUSAL_REASONS, REFUSAL_REASONS_ZH, violation } from './identity.check.js';

const [person] = TEST_POPULATION;
const check = (input: unknown) => checkIdentity(input, { today: 2026_11_24 });

describe('checkIdentity', () => {
  it('normalises all three fields', () => {
    expect(
      check({ name: ` ${person.name} `, idCard: `${person.idCard} `, mobile: `+86 ${person.mobile}`, extra: 1 }),
    ).toEqual({
      ok: true,
      identity: person,
      kind: 'resident',
    });
  });

  it('reports every invalid field, not only the first', () => {
    const result = check({ name: '甲', idCard: '123', mobile: 'x' });
    expect(result).toEqual({
      ok: false,
      violations: [
        violation('name', 'name_length'),
        violation('idCard', 'id_number_format'),
        violation('mobile', 'mobile_format'),
      ],
    });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'name'],
    ['a function with the fields', Object.defineProperties(() => undefined, Object.getOwnPropertyDescriptors(person))],
    [
      'fields that only throw',
      {
        get name() {
          throw new Error('no');
        },
      },
    ],
  ])('takes %s for an identity without fields', (_title, input) => {
    const required = [
      violation('name', 'name_required'),
      violation('idCard', 'id_number_required'),
      violation('mobile', 'mobile_required'),
    ];
    expect(check(input)).toEqual({ ok: false, violations: required });
  });

  it('has a distinct message per reason in English and in Chinese', () => {
    expect(violation('mobile', 'mobile_reserved')).toEqual({
      field: 'mobile',
      reason: 'mobile_reserved',
      message: REFUSAL_REASONS.mobile_reserved,
      messageZh: REFUSAL_REASONS_ZH.mobile_reserved,
    });
    expect(Object.keys(REFUSAL_REASONS_ZH)).toEqual(Object.keys(REFUSAL_REASONS));
    for (const sentence of Object.values(REFUSAL_REASONS)) expect(sentence).toMatch(/^[A-Z].*\.$/);
    for (const sentence of Object.values(REFUSAL_REASONS_ZH)) expect(sentence).toMatch(/\p{Script=Han}.*。$/u);
    for (const table of [REFUSAL_REASONS, REFUSAL_REASONS_ZH]) {
      expect(new Set(Object.values(table)).size).toBe(Object.keys(table).length);
    }
  });

  it('reads each field once, and treats an unreadable field as missing', () => {
    const reads: string[] = [];
    const counted = new Proxy(
      { ...person },
      { get: (target, key) => (reads.push(String(key)), Reflect.get(target, key)) },
    );
    expect(check(counted).ok).toBe(true);
    expect(reads.toSorted((a, b) => a.localeCompare(b))).toEqual(['idCard', 'mobile', 'name']);
    const broken = Object.defineProperty({ ...person }, 'name', {
      get: () => {
        throw new Error(person.name);
      },
    });
    expect(check(broken)).toEqual({ ok: false, violations: [violation('name', 'name_required')] });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    expect(check(revoked.proxy)).toMatchObject({ ok: false });
  });

  it('reads the fields of a class and of an object without a prototype, but not those of Object.prototype', () => {
    class Applicant {
      get name() {
        return person.name;
      }
      readonly idCard = person.idCard;
      readonly mobile = person.mobile;
    }
    expect(check(new Applicant())).toMatchObject({ ok: true, identity: person });
    expect(check(Object.assign(Object.create(null) as object, person)).ok).toBe(true);
    const everything: object = Object.prototype;
    Object.defineProperty(everything, 'mobile', { value: person.mobile, configurable: true });
    try {
      const { name, idCard } = person;
      expect(check({ name, idCard })).toEqual({ ok: false, violations: [violation('mobile', 'mobile_required')] });
      expect(check(person).ok).toBe(true);
    } finally {
      Reflect.deleteProperty(everything, 'mobile');
    }
  });

  it.each([[[person.name]], [new String(person.name)], [{ toString: () => person.name }], [7], [true], [Symbol('x')]])(
    'does not accept %p as a string',
    (value) => {
      const result = check({ name: value, idCard: value, mobile: value });
      expect(result.ok ? [] : result.violations.map(({ reason }) => reason)).toEqual([
        'name_type',
        'id_number_type',
        'mobile_type',
      ]);
    },
  );

  it('does not refuse a Latin name because of an invalid ID number', () => {
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

  it('never repeats a value in a violation', () => {
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
