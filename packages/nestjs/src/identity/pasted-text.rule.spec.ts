import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { checkIdNumber, normaliseIdNumber } from './id-number.rule.js';
import { checkIdentity, REFUSAL_REASONS, type RefusalReason } from './identity.check.js';
import { checkMobile, normaliseMobile } from './mobile.rule.js';
import { checkName, normaliseName } from './name.rule.js';
import type { RuleResult } from '../errors/violation.types.js';

type Rule = (input: unknown) => RuleResult<unknown, RefusalReason>;

const today = 2026_11_24;
const [person] = TEST_POPULATION;

/** Invisible characters that every rule strips. */
const IGNORED = Array.from(
  '\u00ad\u061c\u180b\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2066\u2069' +
    '\u206a\ufeff\ufe00\ufe0f\u{e0100}\u{e01ef}\u{e0001}\u{e0020}\u{e007f}\u{1d173}',
);

/** Invisible or placeholder characters that are refused, not stripped: they may hide another character. */
const HIDDEN = Array.from(
  '\u0000\u0007\u001b\u007f\u0080\u009f\u034f\u115f\u1160\u3164\uffa0\u17b4\u2800\u2065\ufff0\u{e0000}\u{e0fff}' +
    '\ufffc\ufffd\u{16fe4}\u{1d159}\udc00\ud800',
);

const PIECES = [
  ...IGNORED,
  ...HIDDEN,
  ...Array.from(
    " \t\n\u0085\u00a0\u3000\u2028-–−.．·・‧•,'’()[]（）【】:：=<王李𠮷〇々〡⼈⺅⻓㇐⿰\ufa0e\uf9d1カボㄅ한АаΟ𖿰",
  ),
  ...Array.from('AaéＡﬁªⅣK①٣0１\u0301\u0302\u0327\u0336\u20e3\u3099\ue000\u{f0000}\u0378\udc00\ud840😀'),
  ...Array.from('13xｘß'),
  ...'姓名 Name 手机 86 +86 (86) 0086'.split(' '),
];
const hostileText = fc.array(fc.constantFrom(...PIECES), { maxLength: 24 }).map((all) => all.join(''));
const textOf = (characters: string) =>
  fc.array(fc.constantFrom(...Array.from(characters)), { maxLength: 12 }).map((all) => all.join(''));
const nameText = fc.oneof(
  textOf('王李𠮷〇⼈⺅王李王李·.．•\u200b\ufe00\u3000 '),
  textOf("é AeTe\u0301\u0302\u0327·.•'’-– ,\u200b\u3000ＡK"),
  textOf("王Aé\u0301·.'- ,"),
);

/** Texts with invisible characters and white space inserted. */
function scattered(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const noise = fc.constantFrom('', '', ...IGNORED, ' ', '\u3000', '\u0085');
  return texts.chain((text) => {
    const characters = Array.from(text);
    return fc
      .array(noise, { minLength: characters.length + 1, maxLength: characters.length + 1 })
      .map((all) => all.map((each, i) => each + (characters[i] ?? '')).join(''));
  });
}
const runs = { numRuns: process.env['TEST_LONG'] ? 20_000 : 4_000 };
jest.setTimeout(180_000); // 20,000 runs on a busy machine

/** The full repertoire of a name in ideographs, and of a name in Latin letters. */
const HAN = /^[\p{Unified_Ideograph}\u3007\uf900-\ufad9\u{2f800}-\u{2fa1d}·]{2,}$/u;
const LATIN = /^(?:[A-Za-z\u00c0-\u02af\u1e00-\u1eff'.,· -]|[\u0300-\u0331\u0358])+$/;

const RULES: readonly (readonly [field: string, plain: string, Rule, (input: string) => string, RefusalReason])[] = [
  ['name', '测试甲', checkName, normaliseName, 'name_invisible_character'],
  [
    'idCard',
    person.idCard,
    (x: unknown) => checkIdNumber(x, { today }),
    normaliseIdNumber,
    'id_number_invisible_character',
  ],
  ['mobile', person.mobile, checkMobile, normaliseMobile, 'mobile_invisible_character'],
];

describe.each(RULES)('an invisible character in %s', (_, plain, check, normalise, reason) => {
  it.each(IGNORED.map((c) => ({ c, hex: c.codePointAt(0)!.toString(16) })))('is stripped: U+$hex', ({ c }) => {
    const strewn = c + Array.from(plain).join(c) + c + c;
    expect(normalise(strewn)).toBe(plain);
    expect(check(strewn).ok).toBe(true);
  });

  it.each(HIDDEN.map((c) => ({ c, hex: c.codePointAt(0)!.toString(16) })))(
    'is reported as the reason: U+$hex',
    ({ c }) => {
      for (const at of [0, 1, 2, plain.length]) {
        const input = plain.slice(0, at) + c + plain.slice(at);
        expect(check(input)).toEqual({ ok: false, reason });
      }
    },
  );

  it('does not join unpaired surrogates', () => {
    for (const gap of ['\u200b', ' ', '\u{e0100}', '-']) {
      expect(normalise(`\ud840${gap}\udc00${plain}`)).toBe(`\ud840${gap}\udc00${plain}`);
      expect(check(`${plain}\ud840${gap}\udc00`)).toEqual({ ok: false, reason });
    }
  });
});

describe('normalisation', () => {
  it.each(RULES)('changes nothing the second time: %s', (_, plain, check, normalise) => {
    fc.assert(
      fc.property(
        fc.oneof(hostileText, nameText, scattered(fc.constant(plain)), fc.string({ unit: 'binary' })),
        (input) => {
          const once = normalise(input);
          expect(normalise(once)).toBe(once);
          const result = check(input);
          if (result.ok) expect(check(once)).toEqual(result);
        },
      ),
      runs,
    );
  });

  it('gives the same person for every spelling', () => {
    const spelt = fc.tuple(
      scattered(fc.constantFrom('阿依古丽·买买提', '阿依古丽.买买提', '阿依古丽・买买提', '阿依古丽●买买提')),
      scattered(fc.constantFrom(person.idCard, `${person.idCard.slice(0, 6)}-${person.idCard.slice(6)}`)),
      scattered(
        fc.constantFrom(person.mobile, `+86${person.mobile}`, `（８６）-${person.mobile}`, `[0086]${person.mobile}`),
      ),
    );
    fc.assert(
      fc.property(spelt, ([name, idCard, mobile]) => {
        const identity = { name: '阿依古丽·买买提', idCard: person.idCard, mobile: person.mobile };
        expect(checkIdentity({ name, idCard, mobile }, { today })).toEqual({ ok: true, identity, kind: 'resident' });
      }),
      runs,
    );
  });
});

describe('an accepted name', () => {
  it('has only characters of the documented repertoire', () => {
    let tried = 0;
    let passed = 0;
    fc.assert(
      fc.property(
        fc.oneof(hostileText, nameText, fc.string({ unit: 'grapheme' }), scattered(fc.constant('测试甲'))),
        (input) => {
          tried++;
          const result = checkName(input, 'foreigner_permit');
          if (!result.ok) return;
          passed++;
          expect(HAN.test(result.value) || LATIN.test(result.value)).toBe(true);
          expect(result.value).not.toMatch(/^[ ·.,'-]|[ ·,'-]$|··|\.\.|[\p{Cf}\p{Variation_Selector}\u034f]/u);
          expect(result.value).not.toMatch(/\p{Surrogate}/u);
        },
      ),
      runs,
    );
    expect(passed / tried).toBeGreaterThan(0.1);
  });

  it('is accepted again unchanged', () => {
    fc.assert(
      fc.property(fc.oneof(nameText, scattered(fc.constant('测试甲'))), (name) => {
        const first = checkIdentity({ ...person, idCard: '91115619000101001X', name }, { today });
        if (first.ok) expect(checkIdentity(first.identity, { today })).toEqual(first);
      }),
      runs,
    );
  });

  it('is equal for composed and decomposed letters', () => {
    const letters = fc
      .array(fc.constantFrom(...Array.from('ÉéÑñÜüǗếạŠ')), { minLength: 2, maxLength: 8 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(letters, (name) => {
        const composed = checkName(name, 'foreigner_permit');
        expect(composed).toMatchObject({ ok: true });
        expect(checkName(name.normalize('NFD'), 'foreigner_permit')).toEqual(composed);
      }),
    );
  });
});

describe('a long text', () => {
  // Compares results instead of durations: a rule reads only the beginning of a text.
  it.each(RULES)('is checked by its beginning: %s', (_, plain, check) => {
    for (const piece of ['1', ' ', 'a', '测', '·', '\u0301', '\u200b', 'a\u0301', 'a-', '姓', ' ·', '. ']) {
      const long = piece.repeat(2_000_000 / piece.length);
      const start = long.slice(0, 1_000);
      expect(check(long)).toEqual(check(start));
      expect(check(plain + long)).toEqual(check(plain + start));
    }
  });
});

describe('reasons', () => {
  it('about invisible characters precede those about length or format', () => {
    fc.assert(
      fc.property(fc.constantFrom(...HIDDEN), fc.nat(18), (hidden, at) => {
        const insert = (text: string) => text.slice(0, at) + hidden + text.slice(at);
        const result = checkIdentity(
          { name: insert('测试甲'), idCard: insert(person.idCard), mobile: insert(person.mobile) },
          { today },
        );
        const messages = result.ok ? [] : result.violations.map(({ message }) => message);
        expect(messages).toEqual([
          REFUSAL_REASONS.name_invisible_character,
          REFUSAL_REASONS.id_number_invisible_character,
          REFUSAL_REASONS.mobile_invisible_character,
        ]);
      }),
    );
  });
});
