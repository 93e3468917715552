import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readPopulationFile } from './population.file.js';

async function read(name: string, content: string | Uint8Array, allowRealLooking = false) {
  const path = join(await mkdtemp(join(tmpdir(), 'people-')), name);
  await writeFile(path, content);
  return readPopulationFile(path, allowRealLooking);
}

const PERSON = { name: '测试·丁', idCard: '110101190001019991', mobile: '16000020009' };
const LINE = Object.values(PERSON).join(',');

describe('a population file', () => {
  it('can be CSV, with a byte order mark, quotes and empty lines, or JSON', async () => {
    expect(await read('p.csv', `\uFEFFname,idCard,mobile\n\n"测试·丁", 110101190001019991 ,16000020009\n`)).toEqual([
      PERSON,
    ]);
    expect(await read('p.json', JSON.stringify([PERSON]))).toEqual([PERSON]);
  });

  it.each([
    ['p.csv', `name,idcard,mobile\n${LINE}`, /person 1: idCard is missing/],
    ['p.csv', `name,idCard,mobile\n${LINE}\n某,11010119991231001X,16000020009`, /person 2 is refused.*real person/],
    ['p.csv', `name,idCard,mobile\n某,110101190001019991,13000000000`, /person 1 is refused.*mobile/],
    ['p.csv', `name,idCard,mobile\n某,1101,16000020009`, /idCard must be/],
    ['p.csv', `name,idCard,mobile\na,b`, /is not CSV/],
    ['p.json', '{}', /must be an array/],
    ['p.json', '[', /is not JSON/],
  ])('is rejected with the row and the field: %s %j', async (name, content, message) => {
    await expect(read(name, content)).rejects.toThrow(message);
  });

  it('quotes no value in an error', async () => {
    await expect(read('p.csv', `name,idCard,mobile\n某,11010119991231001X,16000020009`)).rejects.not.toThrow(
      /11010119991231001X/,
    );
  });

  it('may contain any person if that is enabled', async () => {
    expect(await read('p.csv', `name,idCard,mobile\n某,11010119991231001X,16000020009`, true)).toHaveLength(1);
  });

  // 测试·丁 in GBK: Node encodes only Unicode.
  const inGbk = Buffer.concat([Buffer.from([0xb2, 0xe2, 0xca, 0xd4, 0xa1, 0xa4, 0xb6, 0xa1])]);
  const tail = `,${PERSON.idCard},${PERSON.mobile}`;
  const utf16be = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
  const csv = `name,idCard,mobile\n${LINE}\n`;

  it.each([
    [
      'GBK, as Excel writes it in China',
      Buffer.concat([Buffer.from('name,idCard,mobile\r\n'), inGbk, Buffer.from(`${tail}\r\n`)]),
    ],
    [
      'UTF-16, as Excel writes "Unicode text"',
      Buffer.from(`\uFEFF${csv.replaceAll(',', '\t').replaceAll('\n', '\r\n')}`, 'utf16le'),
    ],
    ['UTF-16, the other way round', utf16be(csv)],
    ['UTF-8 with semicolons', `\uFEFF${csv.replaceAll(',', ';')}`],
    ['lines that end with a carriage return', csv.replaceAll('\n', '\r')],
    ['empty rows below, as a spreadsheet leaves them', `${csv.replaceAll('\n', '\r\n')},,\r\n , , \r\n\r\n   \r\n`],
    ['the same line twice', csv + LINE],
    [
      'columns in another order, and one more',
      `mobile,"name", idCard ,note\n${PERSON.mobile},${PERSON.name},${PERSON.idCard},x`,
    ],
  ])('is read: %s', async (_, content) => {
    expect(await read('p.csv', content)).toEqual([PERSON]);
  });

  it('in JSON may have a byte order mark', async () => {
    expect(await read('p.json', `\uFEFF${JSON.stringify([PERSON])}`)).toEqual([PERSON]);
    expect(await read('p.json', Buffer.from(`\uFEFF${JSON.stringify([PERSON])}`, 'utf16le'))).toEqual([PERSON]);
  });

  it.each([
    ['Latin-1', Buffer.from(`name,idCard,mobile\nJos\xe9${tail}`, 'latin1'), /UTF-8/],
    [
      'Latin-1 that passes for GBK',
      Buffer.from(`name,idCard,mobile\nJos\xe9e${tail}`, 'latin1'),
      /Save the file as UTF-8/,
    ],
    ['UTF-16 without its mark', Buffer.from(csv, 'utf16le'), /UTF-8/],
    ['UTF-16 in ASCII without its mark', Buffer.from('name,idCard,mobile\n', 'utf16le'), /UTF-8/],
    ['nothing', '', /is empty/],
    ['blank lines', '\uFEFF\r\n\r\n', /is empty/],
    ['no header', LINE, /name is missing.*name,idCard,mobile/],
    ['a header in another spelling', `Name,IdCard,Mobile\n${LINE}`, /person 1: name is missing.*in this spelling/],
    ['a column twice', `name,idCard,mobile,name\n${LINE},x`, /name is missing/],
    [
      'one ID number with two mobiles',
      `${csv}测试·丁,${PERSON.idCard},16000020008`,
      /person 2: the ID number is that of person 1/,
    ],
    ['an ID number that a spreadsheet rounded', `name,idCard,mobile\n测试·丁,1.10101E+17,16000020009`, /as text/],
  ])('is rejected instead of garbled: %s', async (_, content, message) => {
    await expect(read('p.csv', content)).rejects.toThrow(message);
    await expect(read('p.csv', content)).rejects.not.toThrow(/1101011900|16000020|测试|Jos/);
  });
});
