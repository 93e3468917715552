import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ANY_TEXT, EchoDetector } from './echo.detector.js';
import { readCode, readRequestId, readSeqNo } from './reply.ids.js';

// 测试乙, 31010119000101002X, 16000020002
const [, PERSON] = TEST_POPULATION;
const echo = new EchoDetector(PERSON);
const foreigner = new EchoDetector({ ...PERSON, name: 'Zoë García-Lopez' });
const ASKED_SEQ_NO = { length: 8, nonZero: 5 };

describe('an echo', () => {
  it.each([
    ['the mobile', '16000020002'],
    ['a part of it', '600002'],
    ['a part between other characters', 'X600002Y'],
    ['with separators', '16-00_00.20 002'],
    ['with letters between', 'a6b0c0d0e0f2'],
    ['in full width', '１６００００２'],
    ['backwards', '20002000061'],
    ['in hexadecimal', '3630303030'.concat('32')],
    ['in hexadecimal of two bytes', '003600300030003000300032'],
    ['as character references', '&#54;&#48;&#48;&#48;&#48;&#50;'],
    ['escaped', '\\u0036\\u0030\\u0030\\u0030\\u0030\\u0032'],
    ['percent-encoded', '%36%30%30%30%30%32'],
    ['in base64', Buffer.from('600002').toString('base64')],
    ['in base64 behind something else', `ab${Buffer.from('x600002').toString('base64url')}`],
    ['the ID number', '31010119000101002X'],
    ['its end, in lower case', '01002x'],
    ['the name', '测试乙'],
    ['one character of it', '乙 unknown'],
    ['the name, percent-encoded', encodeURIComponent('乙')],
    ['the name, percent-encoded in the national encoding', '%B2%E2%CA%D4'],
    ['the name as character references', '&#x4e59;'],
    ['the name as decimal character references', '&#27979;&#35797;'],
    ['the name, escaped', '\\u4e59'],
    ['the name in base64', Buffer.from('乙').toString('base64')],
  ])('is recognised: %s', (_what, text) => {
    expect(echo.isEcho(text)).toBe(true);
  });

  it.each(['Lopez', 'LOPE', 'g-a-r-c-i-a', 'zepol', '5a6f65676172636961', Buffer.from('Lopez').toString('base64')])(
    'of a Latin name is recognised: %s',
    (text) => {
      expect(foreigner.isEcho(text)).toBe(true);
    },
  );

  it('of a short Latin name is recognised only as the whole text', () => {
    const short = new EchoDetector({ ...PERSON, name: 'Li' });
    expect([short.isEcho('LI'), short.isEcho('INVALID')]).toEqual([true, false]);
  });

  it.each(['10017', 'SYSTEM_000', 'SYSTEM_999', 'B403MQ', 'UPSTREAM-2026', 'S-60000', '00000', ''])(
    'is not recognised in %j',
    (text) => {
      expect([echo.isEcho(text), foreigner.isEcho(text)]).toEqual([false, false]);
    },
  );
});

describe('an echo in an id', () => {
  it.each([
    '16000020-0020-4000-8000-000000000000',
    '3130313031-31'.padEnd(36, 'A'),
    'E4B99900-AAAA-4BBB-8CCC-DDDDDDDDDDDD',
    // The end of the ID number, 01002X and 01002x, as character codes.
    '30313030-3258-fade-fade-fadefadefade',
    '30313030-3278-fade-fade-fadefadefade',
    '00300031-0030-0030-0032-0058fadefade',
    '48494848-5088-fade-fade-fadefadefade',
  ])('is recognised: %s', (id) => {
    expect(echo.isEchoInId(id, ANY_TEXT)).toBe(true);
  });

  it('is rarely reported by mistake in a request ID, and almost never in a seqNo', () => {
    const ids = fc.tuple(fc.uuid(), fc.stringMatching(/^[0-9A-Z]{8}\d{10}$/));
    const mobiles = fc.stringMatching(/^1[3-9]\d{9}$/);
    let [requestIds, seqNos] = [0, 0];
    fc.assert(
      fc.property(ids, mobiles, ([uuid, seqNo], mobile) => {
        const other = new EchoDetector({ ...PERSON, mobile });
        if (readRequestId(uuid, other) === undefined) requestIds++;
        if (readSeqNo(seqNo, other) === undefined) seqNos++;
      }),
      { numRuns: 5_000, seed: 1979 }, // the same ids each time: with others, chance would now and then exceed the bounds
    );
    expect(requestIds).toBeLessThan(50);
    expect(seqNos).toBeLessThan(5);
  });

  it('requires eight digits in a seqNo, without zeros at the ends', () => {
    const person = new EchoDetector({ ...PERSON, mobile: '13912345678' });
    expect(person.isEchoInId('AAAAAAAA0012345600', ASKED_SEQ_NO)).toBe(false);
    expect(person.isEchoInId('AAAAAAAA0012345678', ASKED_SEQ_NO)).toBe(true);
    expect(echo.isEchoInId('AAAAAAAA0000020002', ASKED_SEQ_NO)).toBe(false);
    // The digits of a counter with leading zeros; backwards, the mobile has ten of them.
    const zeros = new EchoDetector({ ...PERSON, mobile: '16000000001' });
    expect(zeros.isEchoInId('AAAAAAA00000000611', ASKED_SEQ_NO)).toBe(false);
    expect(echo.isEchoInId('AAAAAAAA6000020002', ASKED_SEQ_NO)).toBe(true);
  });
});

describe('the IDs of a reply', () => {
  it.each(['A1B2C3D41704061618', 'S1', 's.1_2-3', 'x'.repeat(64)])('%s is a seqNo', (seqNo) => {
    expect(readSeqNo(seqNo, echo)).toBe(seqNo);
  });

  it.each(['', ' ', '...', 'a b', 'a/b', '序号', 'x'.repeat(65), '16000020002', 'S-600002', '乙', undefined])(
    '%s is not a seqNo',
    (seqNo) => {
      expect(readSeqNo(seqNo, echo)).toBeUndefined();
    },
  );

  it('a code of another format is unprintable', () => {
    expect(
      ['SYSTEM_000', '99-a', ' ', '代码', '', '600002', 'x'.repeat(33)].map((code) => readCode(code, echo)),
    ).toEqual(['SYSTEM_000', '99-a', ...Array.from({ length: 5 }, () => 'unprintable')]);
  });
});
