import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseStrictJson } from './strict-json.parser.js';

const parse = (text: string) => parseStrictJson(Buffer.from(text));
const nested = (open: string, close: string, levels: number) => `${open.repeat(levels)}1${close.repeat(levels)}`;

describe('parseStrictJson', () => {
  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('reads %s nested 32 deep and rejects 33', (_what, open, close) => {
    expect(parse(nested(open, close, 32))).toMatchObject({ ok: true });
    expect(parse(nested(open, close, 33))).toEqual({ ok: false, fault: 'too_deep' });
    expect(parse(nested(open, close, 100_000))).toMatchObject({ ok: false });
  });

  it('does not count brackets and braces inside strings', () => {
    expect(parse(JSON.stringify('[{'.repeat(100)))).toMatchObject({ ok: true });
  });

  /** Texts in which a string is easily taken to end too early, or too late. */
  const text = fc.string({
    unit: fc.constantFrom('"', '\\', ':', '{', '}', '[', ',', ' ', 'a', '名', '\n', '\u0000'),
    maxLength: 6,
  });
  const value = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.constantFrom(null, true, -1.5e3),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(text, tie('any'), { maxKeys: 3 }),
    ),
  })).any;
  /** A spelling of a string that JSON allows: some characters escaped. */
  const spelling = (key: string, escapes: readonly boolean[]) =>
    `"${key
      .split('')
      .map((char, i) =>
        escapes[i % escapes.length]
          ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
          : JSON.stringify(char).slice(1, -1),
      )
      .join('')}"`;
  const escapes = fc.array(fc.boolean(), { minLength: 1, maxLength: 4 });
  const space = fc.constantFrom('', ' ', '\n\t', '\r ');

  it('reads every JSON text without a flaw as JSON.parse does', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2, '\t'), (given, indent) => {
        const written = JSON.stringify(given, null, indent);
        expect(parse(written)).toEqual({ ok: true, value: JSON.parse(written) as unknown });
      }),
    );
  });

  it('finds a key that is there twice, in whatever spelling and wherever it is', () => {
    fc.assert(
      fc.property(text, value, value, escapes, escapes, space, (key, first, between, one, other, blank) => {
        const member = (name: string, held: unknown) => `${name}${blank}:${blank}${JSON.stringify(held)}`;
        const keys = [spelling(key, one), JSON.stringify(`${key}x`), spelling(key, other)] as const;
        const object = `{${member(keys[0], first)},${member(keys[1], between)},${member(keys[2], first)}}`;
        expect(parse(`[${blank}${JSON.stringify(between)},${object}]`)).toEqual({ ok: false, fault: 'duplicate_key' });
      }),
    );
  });

  it('does not count equal keys of sibling objects as duplicates', () => {
    expect(parse('[{"a":1},{"a":2}]')).toMatchObject({ ok: true });
    expect(parse('[{"a":1,"b":[],"a":2}]')).toEqual({ ok: false, fault: 'duplicate_key' });
  });
});
