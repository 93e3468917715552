import fs from 'node:fs';
import { extname } from 'node:path';
import type { TestPerson } from '@identity-verify/contract';
import { decodeText, type DecodedText } from '../text/text.decoder.js';
import { realLookingReason } from './population.js';

/** A population file is invalid. The message contains the file, the row and the field, but never a value. */
export class PopulationFileError extends Error {
  override readonly name = 'PopulationFileError';
}

const FIELDS = ['name', 'idCard', 'mobile'] as const satisfies readonly (keyof TestPerson)[];
const HEADER = FIELDS.join(',');

/**
 * Reads synthetic people from a CSV file (first line `name,idCard,mobile`) or a JSON file (an array of such objects).
 * The encoding is UTF-8, UTF-16 with a byte order mark, or GB18030. Commas, semicolons or tabs separate the columns.
 *
 * @throws PopulationFileError if the file is invalid, or contains a possibly real person or a person twice with
 *   different fields
 */
export async function readPopulationFile(path: string, allowRealLooking = false): Promise<TestPerson[]> {
  let bytes: Buffer;
  try {
    bytes = await fs.promises.readFile(path);
  } catch {
    throw new PopulationFileError(`The population file ${path} cannot be read.`);
  }
  const { text, encoding } = decode(bytes, path);
  const rows = extname(path).toLowerCase() === '.json' ? parseJson(text, path) : await parseCsv(text, path);
  const people = rows.map((row, index) => toPerson(row, `${path}, person ${index + 1}`, allowRealLooking));
  if (encoding === 'gb18030') refuseGarbled(people, path);
  return withoutRepeats(people, path);
}

/**
 * Most byte sequences that are not UTF-8 decode as GB18030. Text in another encoding becomes names with mixed scripts.
 */
function refuseGarbled(people: readonly TestPerson[], path: string): void {
  const index = people.findIndex(({ name }) => !/^(?:[\p{Script=Han}〇·•‧・．.]+|[\x20-\x7e]+)$/u.test(name));
  if (index < 0) return;
  throw new PopulationFileError(
    `${path}, person ${index + 1}: name cannot be read as GB18030. Save the file as UTF-8.`,
  );
}

function decode(bytes: Buffer, path: string): DecodedText {
  try {
    return decodeText(bytes);
  } catch {
    throw new PopulationFileError(
      `${path} is neither in UTF-8 nor in GB18030, nor in UTF-16 with a byte order mark. Save it as UTF-8.`,
    );
  }
}

/** An identical line is ignored. An ID number with two names or mobiles is an error. */
function withoutRepeats(people: readonly TestPerson[], path: string): TestPerson[] {
  const known = new Map<string, number>();
  return people.filter(({ name, idCard, mobile }, index) => {
    const first = known.get(idCard);
    if (first === undefined) {
      known.set(idCard, index);
      return true;
    }
    const before = people[first];
    if (before?.name === name && before.mobile === mobile) return false;
    throw new PopulationFileError(
      `${path}, person ${index + 1}: the ID number is that of person ${first + 1}, with another name or mobile.`,
    );
  });
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
  if (text.trim() === '') throw new PopulationFileError(`${path} is empty. Its first line is ${HEADER}.`);
  // Loaded only for a CSV file, because most starts have none.
  const { parse } = await import('csv-parse/sync');
  const header = text.split(/[\r\n]+/).find((line) => line.trim() !== '') ?? '';
  const delimiter = ['\t', ';'].find((each) => header.includes(each)) ?? ',';
  let columns: readonly string[] = [];
  let rows: unknown[];
  try {
    rows = parse(text, {
      columns: (names: string[]) => (columns = names),
      delimiter,
      bom: true,
      trim: true,
      skip_empty_lines: true,
      // Excel writes lines with only commas below a table.
      skip_records_with_empty_values: true,
    });
  } catch {
    // The message of the parser would quote the line.
    throw new PopulationFileError(`${path} is not CSV with the columns ${FIELDS.join(', ')}.`);
  }
  const missing = FIELDS.find((field) => columns.filter((column) => column === field).length !== 1);
  if (missing !== undefined) {
    throw new PopulationFileError(
      `${path}, person 1: ${missing} is missing. The first line names each column once, in this spelling: ${HEADER}.`,
    );
  }
  return rows;
}

function toPerson(row: unknown, where: string, allowRealLooking: boolean): TestPerson {
  const [name, idCard, mobile] = FIELDS.map((field) => {
    const value = typeof row === 'object' && row !== null ? (row as Record<string, unknown>)[field] : undefined;
    if (typeof value !== 'string' || value === '') throw new PopulationFileError(`${where}: ${field} is missing.`);
    return value;
  }) as [string, string, string];
  if (!/^\d{17}[\dX]$/.test(idCard)) {
    const hint = /E\+\d+$/i.test(idCard) ? ' A spreadsheet has rounded it: format the column as text.' : '';
    throw new PopulationFileError(`${where}: idCard must be 17 digits and a digit or X.${hint}`);
  }
  if (!/^1\d{10}$/.test(mobile)) throw new PopulationFileError(`${where}: mobile must be 11 digits.`);
  const reason = allowRealLooking ? undefined : realLookingReason(idCard, mobile);
  if (reason !== undefined) throw new PopulationFileError(`${where} is refused, because ${reason}.`);
  return { name, idCard, mobile };
}
