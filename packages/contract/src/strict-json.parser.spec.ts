import { describe, expect, it } from '@jest/globals';
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

  it('does not count equal keys of sibling objects as duplicates', () => {
    expect(parse('[{"a":1},{"a":2}]')).toMatchObject({ ok: true });
    expect(parse('[{"a":1,"b":[],"a":2}]')).toEqual({ ok: false, fault: 'duplicate_key' });
  });
});
