import { parseArgs } from 'node:util';

/**
 * Reads the command line of a tool; answers `--help` itself, and ends with exit code 2 and the usage when something is
 * not understood.
 *
 * @param {string} help text of `--help`
 * @param {import('node:util').ParseArgsConfig['options']} options beside `--help`
 */
export function readCommandLine(help, options = {}) {
  // pnpm 12 hands a separating `--` on to the script.
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
