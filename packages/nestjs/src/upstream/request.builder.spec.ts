import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeForm } from './request.builder.js';

describe('encodeForm', () => {
  it('gives what URLSearchParams gives, for any field and value', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('测', '试', '·', '𠮷', 'A', '9', ' ', '+', '%', "'", '~', '*', '\ud842', '\u007f'),
      }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(text, fc.constantFrom('name', 'idcard', 'mobile', 'key')), text), (form) => {
        expect(encodeForm(form)).toBe(new URLSearchParams(form).toString());
      }),
      { numRuns: 1_000 },
    );
  });
});
