import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parseForm } from './form.parser.js';

const parse = (text: string) => {
  const params = parseForm(Buffer.from(text, 'latin1'));
  return params && Object.fromEntries(params);
};

describe('a form', () => {
  it('is parsed as URLSearchParams writes it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
        (fields) => {
          const encoded = new URLSearchParams(fields).toString();
          expect(new Map(parseForm(Buffer.from(encoded)))).toEqual(new Map(Object.entries(fields)));
        },
      ),
    );
  });

  it('keeps the first of two values and a name without a value, and ignores empty pairs', () => {
    expect(parse('a=1&a=2&&b&c=')).toEqual({ a: '1', b: '', c: '' });
    expect(parse('a=x+y%2B')).toEqual({ a: 'x y+' });
  });

  it.each(['a=%', 'a=%zz', 'a=%ff', 'a=\xff', 'a=%c3%28', 'a=%ed%a0%80'])(
    'is rejected instead of repaired: %j',
    (text) => {
      expect(parse(text)).toBeUndefined();
    },
  );

  it('is empty for an empty body', () => {
    expect(parse('')).toEqual({});
  });
});
