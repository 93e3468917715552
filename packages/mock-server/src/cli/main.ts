import { Command, InvalidArgumentError, Option } from 'commander';
import { MockOptionsError } from '../server/mock-options.check.js';
import { PopulationFileError } from '../scenario/population.file.js';
import { VERSION } from '../support/version.js';
import { serve } from './serve.js';
import { parseSetting, readSettings } from './settings.reader.js';
import { SETTINGS, type SettingRow, type Settings } from './settings.table.js';

/** Adds a flag for every setting. */
function withSettings(command: Command): Command {
  command.option('--config <file>', 'JSON file of settings (also IDV_MOCK_CONFIG)');
  for (const row of SETTINGS as readonly SettingRow[]) {
    const optional = row.kind === 'flagOrText';
    const value = row.value === undefined ? '' : optional ? ` [${row.value}]` : ` <${row.value}>`;
    const option = new Option(row.flag + value, `${row.help} [${row.env}]`);
    if (optional) option.preset('true');
    if (row.value !== undefined) option.argParser((text: string, previous: unknown) => parseFlag(row, text, previous));
    command.addOption(option);
  }
  return command;
}

function parseFlag(row: SettingRow, text: string, previous: unknown): unknown {
  try {
    const value = parseSetting(row, text, row.flag);
    return Array.isArray(value) && Array.isArray(previous)
      ? [...(previous as unknown[]), ...(value as unknown[])]
      : value;
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : '');
  }
}

/** Returns the flags given on the command line, by the names of the settings. */
function flagsOf(command: Command): Partial<Record<keyof Settings, unknown>> {
  const flags: Partial<Record<keyof Settings, unknown>> = {};
  for (const option of command.options) {
    const row = (SETTINGS as readonly SettingRow[]).find(({ flag }) => flag === option.long);
    const key = option.attributeName();
    if (row && command.getOptionValueSource(key) === 'cli') flags[row.name] = command.getOptionValue(key);
  }
  return flags;
}

const settingsOf = (command: Command): Promise<Settings> =>
  readSettings(flagsOf(command), command.opts<{ config?: string }>().config, process.env, sayIgnored);

/** Logs names only, because the values may be secret. */
function sayIgnored(names: readonly string[]): void {
  console.error(
    `identity-verify-mock: ignored ${names.join(', ')}: set by Kubernetes for a Service, or by a container link, not settings.`,
  );
}

/** Prints a usage error without its stack. Any other error keeps its stack. */
function fail(error: unknown): void {
  const expected = error instanceof MockOptionsError || error instanceof PopulationFileError;
  console.error(expected ? `identity-verify-mock: ${error.message}` : error);
  process.exitCode = 1;
}

const program = withSettings(new Command('identity-verify-mock'))
  .description('Stand-in upstream for three-element identity verification: every documented code and failure, offline')
  .version(VERSION)
  .enablePositionalOptions()
  .showSuggestionAfterError()
  .action(async (_options: unknown, command: Command) => serve(await settingsOf(command)));

withSettings(program.command('exec'))
  .description('start on a free port, run a command with IDENTITY_VERIFY_BASE_URL and IDENTITY_VERIFY_APP_CODE, stop')
  .usage('[options] -- <command> [arguments...]')
  .argument('<command>', 'what to run')
  .argument('[arguments...]')
  .passThroughOptions()
  .action(async (command: string, args: string[], _options: unknown, self: Command) => {
    // Loaded only for this command.
    const { execWithMock } = await import('./exec.js');
    process.exitCode = await execWithMock(await settingsOf(self), command, args);
  });

program.parseAsync().catch(fail);
