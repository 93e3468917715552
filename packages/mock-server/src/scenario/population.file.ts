import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { TestPerson } from '@identity-verify/contract';
import { realLookingReason } from './population.js';

/** A file of people cannot be used. The message names file, row and field, never a value. */
export class PopulationFileError extends Error {
  override readonly name = 'PopulationFileError';
}

const FIELDS = ['name', 'idCard', 'mobile'] as const satisfies readonly (keyof TestPerson)[];

/**
 * Reads synthetic people from a CSV file (first line `name,idCard,mobile`) or a JSON file (an array of such objects).
 *
 * @throws PopulationFileError when it cannot be read, or holds somebody who may be alive
 */
export async function readPopulationFile(path: string, allowRealLooking = false): Promise<TestPerson[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new PopulationFileError(`The population file ${path} cannot be read.`);
  }
  const rows = extname(path).toLowerCase() === '.json' ? parseJson(text, path) : await parseCsv(text, path);
  return rows.map((row, index) => toPerson(row, `${path}, person ${index + 1}`, allowRealLooking));
}

function parseJson(text: string, path: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PopulationFileError(`${path} is not JSON.`);
  }
  if (!Array.isArray(value)) throw new PopulationFileError(`${path} must be an array of { name, idCard, mobile }.`);
  return value;
}

async function parseCsv(text: string, path: string): Promise<unknown[]> {
  // Loaded only for a file: most starts have none.
  const { parse } = await import('csv-parse/sync');
  try {
    return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch {
    // The parser's own message quotes the line.
    throw new PopulationFileError(`${path} is not CSV with the columns ${FIELDS.join(', ')}.`);
  }
}

function toPerson(row: unknown, where: string, allowRealLooking: boolean): TestPerson {
  const [name, idCard, mobile] = FIELDS.map((field) => {
    const value = typeof row === 'object' && row !== null ? (row as Record<string, unknown>)[field] : undefined;
    if (typeof value !== 'string' || value === '') throw new PopulationFileError(`${where}: ${field} is missing.`);
    return value;
  }) as [string, string, string];
  if (!/^\d{17}[\dX]$/.test(idCard))
    throw new PopulationFileError(`${where}: idCard must be 17 digits and a digit or X.`);
  if (!/^1\d{10}$/.test(mobile)) throw new PopulationFileError(`${where}: mobile must be 11 digits.`);
  const reason = allowRealLooking ? undefined : realLookingReason(idCard, mobile);
  if (reason !== undefined) throw new PopulationFileError(`${where} is refused, because ${reason}.`);
  return { name, idCard, mobile };
}
