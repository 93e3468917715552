import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseReply, type ParsedReply } from './reply.parser.js';

const parse = (text: string): ParsedReply => parseReply(Buffer.from(text, 'utf8'));
const fault = (text: string) => {
  const parsed = parse(text);
  return parsed.ok ? undefined : parsed.fault;
};

describe('parseReply', () => {
  it('reads the documented reply', () => {
    expect(parse('{"code":"10000","message":"成功","data":{"state":"1"},"seqNo":"ABCD12341704061618"}')).toEqual({
      ok: true,
      reply: { code: '10000', message: '成功', state: '1', seqNo: 'ABCD12341704061618' },
    });
  });

  it('reads data null as a reply without a state', () => {
    expect(parse('{"code":"10000","message":"成功","data":null,"seqNo":"S"}')).toEqual({
      ok: true,
      reply: { code: '10000', message: '成功', seqNo: 'S' },
    });
  });

  it('reads an error that has only a code', () => {
    // Without further properties, not even undefined ones.
    expect(parse('{"code":"10005"}')).toStrictEqual({ ok: true, reply: { code: '10005', message: '' } });
  });

  it('ignores fields that a vendor may add', () => {
    expect(parse('{"code":"10000","message":"m","data":{"state":"2","isp":"x"},"seqNo":"S","cost":1}')).toEqual({
      ok: true,
      reply: { code: '10000', message: 'm', state: '2', seqNo: 'S' },
    });
  });

  it.each(['', ' ', '\t\n', '\u3000', '\u00a0\ufeff'])('reads the blank seqNo %j as absent', (seqNo) => {
    expect(parse(JSON.stringify({ code: '10000', message: 'm', seqNo }))).toEqual({
      ok: true,
      reply: { code: '10000', message: 'm' },
    });
  });

  it.each([
    ['', 'not_json'],
    ['{"code":"10000"', 'not_json'],
    ['\ufeff{"code":"10000"}', 'not_json'],
    ['null', 'not_an_object'],
    ['[{"code":"10000"}]', 'not_an_object'],
    ['"10000"', 'not_an_object'],
    ['{}', 'bad_code'],
    ['{"code":10000}', 'bad_code'],
    ['{"code":""}', 'bad_code'],
    ['{"code":"10000","message":1}', 'bad_message'],
    ['{"code":"10000","seqNo":7}', 'bad_seq_no'],
    ['{"code":"10000","data":"1"}', 'bad_data'],
    ['{"code":"10000","data":["1"]}', 'bad_data'],
    ['{"code":"10000","data":{"state":1}}', 'bad_state'],
    ['{"code":"10000","data":{"state":true}}', 'bad_state'],
    ['{"code":"10001","code":"10000"}', 'duplicate_key'],
    ['{"code":"10000","data":{"state":"2","state":"1"}}', 'duplicate_key'],
    ['{"code":"10000","data":{"state":"2","st\\u0061te":"1"}}', 'duplicate_key'],
    ['{"code":"10000","data":{"__proto__":{"state":"1"}}}', 'proto_key'],
    ['{"code":"10000","data":{"\\u005f_proto__":{"state":"1"}}}', 'proto_key'],
  ])('rejects %j as %s', (text, expected) => {
    expect(fault(text)).toBe(expected);
  });

  it('rejects bytes that are not UTF-8', () => {
    expect(parseReply(Buffer.from([0x7b, 0x22, 0xb3, 0xc9, 0xb9, 0xa6, 0x22, 0x7d]))).toEqual({
      ok: false,
      fault: 'not_utf8',
    });
  });

  it('does not count equal keys of different objects, or keys inside strings, as duplicates', () => {
    expect(
      fault('{"code":"1","message":"{\\"code\\":1}","data":{"code":{"code":1}},"list":[{"a":1},{"a":2}]}'),
    ).toBeUndefined();
  });

  it('never throws, and reads a state only from an own string property', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((json) => Buffer.from(json)),
        ),
        (bytes) => {
          const parsed = parseReply(bytes);
          if (!parsed.ok) return;
          const raw = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, Record<string, unknown>>;
          expect(parsed.reply.state).toBe(
            Object.hasOwn(raw, 'data') && raw['data'] !== null ? raw['data']?.['state'] : undefined,
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('finds a repeated key at any depth', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), (key, first, second) => {
        fc.pre(key !== '__proto__' && !JSON.stringify([first, second]).includes('__proto__'));
        const text = `{${JSON.stringify(key)}:${JSON.stringify(first)},${JSON.stringify(key)}:${JSON.stringify(second)}}`;
        expect(fault(text)).toBe('duplicate_key');
      }),
    );
  });

  it('rejects thousands of levels without overflowing the stack', () => {
    expect(fault('['.repeat(20_000) + ']'.repeat(20_000))).toBe('too_deep');
    expect(fault('{"code":"1","data":' + '{"a":'.repeat(8_000) + '1' + '}'.repeat(8_000) + '}')).toBe('too_deep');
  });
});
