import fs from 'node:fs';
import { MockOptionsError } from '../server/mock-options.check.js';
import { nearest } from '../text/nearest.js';
import { TextEncodingError, decodeText } from '../text/text.decoder.js';
import { isInjected } from './injected.variables.js';
import { SETTINGS, type SettingKind, type SettingRow, type Settings } from './settings.table.js';

type Environment = Readonly<Record<string, string | undefined>>;
type Values = Partial<Record<keyof Settings, unknown>>;

const rows: readonly SettingRow[] = SETTINGS;

/** The environment variable with the path of the configuration file. */
export const CONFIG_ENV = 'IDV_MOCK_CONFIG';

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);

/** Parses the text of a flag or a variable. @returns undefined if the text is invalid */
const FROM_TEXT: Readonly<Record<SettingKind, (text: string) => unknown>> = {
  number: (text) => (/^\d+$/.test(text) ? Number(text) : undefined),
  text: (text) => text,
  file: (text) => text,
  flag: (text) => FLAGS.get(text),
  flagOrText: (text) => FLAGS.get(text) ?? text,
  list: (text) => text.split(',').map((part) => part.trim()),
  apps: (text) => {
    const apps = text.split(',').map(toApp);
    return apps.includes(undefined) ? undefined : apps;
  },
};

const EXPECTED: Readonly<Record<SettingKind, string>> = {
  number: 'a whole number',
  text: 'text',
  file: 'a path',
  flag: 'true or false',
  flagOrText: 'true, false or text',
  list: 'a list of texts',
  apps: 'a list of apps, each with appKey and appSecret (as text: key:secret)',
};

/** Returns true if a JSON value is of the given kind. */
const IN_FILE: Readonly<Record<SettingKind, (value: unknown) => boolean>> = {
  number: (value) => typeof value === 'number',
  text: (value) => typeof value === 'string',
  file: (value) => typeof value === 'string',
  flag: (value) => typeof value === 'boolean',
  flagOrText: (value) => typeof value === 'boolean' || typeof value === 'string',
  list: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  apps: (value) => Array.isArray(value) && value.every((item) => isApp(item)),
};

function toApp(text: string): { appKey: string; appSecret: string } | undefined {
  const colon = text.indexOf(':');
  return colon > 0 ? { appKey: text.slice(0, colon).trim(), appSecret: text.slice(colon + 1).trim() } : undefined;
}

function isApp(value: unknown): boolean {
  const app = value as { appKey?: unknown; appSecret?: unknown } | null;
  return typeof app === 'object' && typeof app?.appKey === 'string' && typeof app.appSecret === 'string';
}

/** @throws MockOptionsError with the source and the expected kind, but not the value, which may be secret */
export function parseSetting(row: SettingRow, text: string, source: string): unknown {
  const value = FROM_TEXT[row.kind](text);
  if (value === undefined) throw new MockOptionsError(`${source} must be ${EXPECTED[row.kind]}.`);
  return value;
}

/**
 * Reads the settings from `IDV_MOCK_*`.
 *
 * @param onIgnored called once with the variables of a container platform that are not settings
 * @throws MockOptionsError for an invalid value or an unknown name
 */
export function settingsFromEnvironment(
  environment: Environment,
  onIgnored: (names: readonly string[]) => void = () => undefined,
): Values {
  const ignored: string[] = [];
  const values: Values = {};
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith('IDV_MOCK_') || name === CONFIG_ENV || text === undefined || text === '') continue;
    if (isInjected(name, text)) {
      ignored.push(name);
      continue;
    }
    const row = rows.find(({ env }) => env === name);
    if (!row) throw unknownName(name, [...rows.map(({ env }) => env), CONFIG_ENV], 'the environment');
    values[row.name] = parseSetting(row, text, name);
  }
  if (ignored.length > 0) onIgnored(ignored);
  return values;
}

/** Reads the settings from a JSON file. @throws MockOptionsError for an unknown key or an invalid value */
export async function settingsFromFile(path: string): Promise<Values> {
  let value: unknown;
  try {
    value = JSON.parse(decodeText(await fs.promises.readFile(path)).text);
  } catch (error) {
    const reason =
      error instanceof SyntaxError || error instanceof TextEncodingError ? 'is not JSON' : 'cannot be read';
    throw new MockOptionsError(`The configuration file ${path} ${reason}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MockOptionsError(`The configuration file ${path} must be a JSON object.`);
  }
  const values: Values = {};
  for (const [name, setting] of Object.entries(value)) {
    const row = rows.find((candidate) => candidate.name === name);
    if (!row)
      throw unknownName(
        name,
        rows.map((candidate) => candidate.name),
        path,
      );
    if (!IN_FILE[row.kind](setting)) throw new MockOptionsError(`${name} in ${path} must be ${EXPECTED[row.kind]}.`);
    values[row.name] = setting;
  }
  return values;
}

function unknownName(name: string, known: readonly string[], where: string): MockOptionsError {
  const meant = nearest(name, known);
  const hint = meant.length ? `Did you mean ${meant.join(', ')}?` : `Known: ${known.join(', ')}.`;
  return new MockOptionsError(`There is no setting ${name} (in ${where}). ${hint}`);
}

/**
 * Merges the settings. Flags take precedence over the environment, and the environment over the file.
 *
 * @param flags the flags of the command line
 * @param configFile `--config`; the environment can also name a file
 * @param onIgnored see {@link settingsFromEnvironment}
 * @throws MockOptionsError
 */
export async function readSettings(
  flags: Values,
  configFile: string | undefined,
  environment: Environment,
  onIgnored?: (names: readonly string[]) => void,
): Promise<Settings> {
  const path = configFile ?? environment[CONFIG_ENV];
  const fromFile = path ? await settingsFromFile(path) : {};
  return { ...fromFile, ...settingsFromEnvironment(environment, onIgnored), ...flags } as Settings;
}
