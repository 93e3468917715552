import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PAGE } from './page.texts.js';
import { raceTexts } from './race.texts.js';

describe('the texts of the race', () => {
  it('have the same keys and placeholders in both languages, and none is empty', () => {
    const { en, zh } = raceTexts;
    const placesOf = (text = '') => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted();
    expect(Object.keys(zh)).toEqual(Object.keys(en));
    for (const [key, english] of Object.entries(en)) {
      expect({ key, places: placesOf(zh[key]) }).toEqual({ key, places: placesOf(english) });
      expect([english, zh[key]]).not.toContain('');
    }
  });

  it('include every key used in the scripts', async () => {
    const sources = await Promise.all(['race.js', 'race.chart.js'].map((file) => readFile(join(PAGE, file), 'utf8')));
    const used = [
      ...sources.join('\n').matchAll(/\bsay\('(\w+)'|\bsaid\('[^']+', '(\w+)'|\b(?:announce|end)\('(\w+)'/g),
    ];
    const keys = used.map(([, ...found]) => found.find((key) => key !== undefined) ?? '');
    expect(keys.length).toBeGreaterThan(20);
    for (const key of keys) expect(raceTexts.en).toHaveProperty(key);
  });
});
