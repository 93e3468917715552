import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readPopulationFile } from './population.file.js';

async function read(name: string, content: string, allowRealLooking = false) {
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
  ])('is refused with the row and the field: %s %j', async (name, content, message) => {
    await expect(read(name, content)).rejects.toThrow(message);
  });

  it('never quotes a value in a refusal', async () => {
    await expect(read('p.csv', `name,idCard,mobile\n某,11010119991231001X,16000020009`)).rejects.not.toThrow(
      /11010119991231001X/,
    );
  });

  it('may hold anybody when that is asked for', async () => {
    expect(await read('p.csv', `name,idCard,mobile\n某,11010119991231001X,16000020009`, true)).toHaveLength(1);
  });
});
