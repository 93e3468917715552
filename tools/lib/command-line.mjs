import { parseArgs } from 'node:util';

/**
 * Parses the command line of a tool. Handles `--help`; for an invalid argument, prints the usage and exits with code 2.
 *
 * @param {string} help text of `--help`
 * @param {import('node:util').ParseArgsConfig['options']} options in addition to `--help`
 */
export function readCommandLine(help, options = {}) {
  // pnpm 12 passes a separating `--` to the script.
  const args = process.argv.slice(2).filter((arg, index) => !(index === 0 && arg === '--'));
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { ...options, help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals: true,
    });
    if (values.help) {
      console.log(help.trim());
      process.exit(0);
    }
    return { values, positionals };
  } catch (error) {
    console.error(`${error.message}\n\n${help.trim()}`);
    return process.exit(2);
  }
}
