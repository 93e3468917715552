import { describe, expect, it } from '@jest/globals';
import { redisLedgerError, RedisLedgerError } from './redis-ledger.error.js';
import { readAnswer, readClaim, readLatch, writeAnswer } from './reply.reader.js';

const ANSWER = { outcome: 'match', code: '10000', billed: 'yes', seqNo: 'S1', answeredAt: 1, seal: 'X' } as const;

describe('a kept answer', () => {
  it('is read as it was written', () => {
    expect(readAnswer(writeAnswer(ANSWER))).toEqual(ANSWER);
  });

  it('holds what the port names, and nothing else that came along', () => {
    const asked = { ...ANSWER, name: '测试甲', mobile: '16000010000' };
    expect(writeAnswer(asked)).toBe(JSON.stringify(ANSWER));
  });

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '["match"]'],
    ['another outcome', JSON.stringify({ ...ANSWER, outcome: 'MATCH' })],
    ['no code', JSON.stringify({ ...ANSWER, code: undefined })],
    ['a code that is a number', JSON.stringify({ ...ANSWER, code: 10000 })],
    ['another kind of billed', JSON.stringify({ ...ANSWER, billed: true })],
    ['no time', JSON.stringify({ ...ANSWER, answeredAt: null })],
    ['a seal that is an object', JSON.stringify({ ...ANSWER, seal: {} })],
    ['a seqNo that is an object', JSON.stringify({ ...ANSWER, seqNo: {} })],
  ])('is an error, and never a match, when it is %s', (_title, json) => {
    expect(() => readAnswer(json)).toThrow(RedisLedgerError);
  });
});

describe('the reply to a claim', () => {
  it.each([
    ['strings and numbers', (value: unknown) => value],
    ['Buffers', (value: unknown) => Buffer.from(String(value))],
    ['strings alone', (value: unknown) => String(value)],
  ])('is read from a client that answers with %s', (_title, as) => {
    expect(readClaim(['granted', 1, 2, 3, 0].map(as))).toEqual({
      answer: { verdict: 'granted', probe: true, spent: { callsToday: 2, callsThisMonth: 3 } },
      isRegistered: false,
    });
    expect(readClaim(as(writeAnswer(ANSWER)))).toMatchObject({ answer: { verdict: 'hit', answer: ANSWER } });
    expect(readLatch(['quota', 5].map(as))).toEqual({ name: 'quota', until: 5 });
  });

  it.each([
    [undefined],
    ['granted'],
    [1],
    [null],
    ['{}'],
    [[]],
    [['allowed', 1]],
    [['granted', 0, 'NaN', 1, 1]],
    [['refused', 'mood', 1]],
  ])('is an error when no script of ours answers so: %j', (reply) => {
    expect(() => readClaim(reply)).toThrow(RedisLedgerError);
  });
});

describe('the error of a client', () => {
  it.each([
    [new Error("OOM command not allowed when used memory > 'maxmemory'."), 'OOM'],
    [Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:6379'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new Error("NOPERM User idv has no permissions to access the key 'idv:{secret}'"), 'NOPERM'],
    [Object.assign(new Error('secret'), { code: 'redis://:secret@host' }), undefined],
    ['secret', undefined],
  ])('is passed on with its code and nothing else: %s', (failure, code) => {
    const error = redisLedgerError(failure);
    expect(error.message).toBe(code ? `Redis has failed: ${code}.` : 'Redis has failed, or gave no answer in time.');
    expect(Object.keys(error)).toEqual(['name']);
    expect(error.cause).toBeUndefined();
  });
});
