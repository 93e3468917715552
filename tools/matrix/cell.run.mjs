import { listen } from '../lib/packed/commands.mjs';
import { checkAnswers, peopleIn } from './checks.mjs';

/** The mock of an application that npm has installed. */
export const MOCK = 'node_modules/@identity-verify/mock-server/dist/command/identity-verify-mock.cjs';
/** In milliseconds. Only a program that hangs reaches them. */
const LIMITS = { cell: 180_000, end: 30_000 };

/**
 * Starts mock and application with one version of Node, asks everything, and ends both.
 *
 * @param {object} cell
 * @param {string} cell.home where the programs run
 * @param {string} cell.mock path of the mock
 * @param {string} cell.script path of the application
 * @param {string} cell.node path of Node
 * @param {Record<string, string>} [cell.environment]
 * @param {AbortSignal} cell.signal stops everything
 * @returns {Promise<{checks: number, failures: string[]}>} the last failures are the output of the application
 */
export async function runApplication({ home, mock: command, script, node, environment, signal }) {
  const programs = [];
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMITS.cell)]);
  const start = async (name, path, args, variables) => {
    const program = await listen(path, args, home, { ...environment, ...variables }, { node, signal: limit });
    programs.push({ ...program, name });
    return program;
  };
  try {
    const mock = await start('the mock', command, ['--port', '0'], {});
    const app = await start('the application', script, [], { UPSTREAM: mock.url });
    const { checks, failures } = await checkAnswers(app.url, limit);
    app.endInput();
    const ended = await within(LIMITS.end, app.ended);
    if (ended !== 0)
      failures.push(`the application, closed: expected exit code 0, got ${ended ?? 'a program that goes on'}`);
    const stopped = await within(LIMITS.end, mock.stop());
    if (stopped !== 0)
      failures.push(`the mock, stopped: expected exit code 0, got ${stopped ?? 'a program that goes on'}`);
    for (const value of peopleIn(app.lines)) failures.push(`the application printed ${value}, which is of a person`);
    if (failures.length > 0) failures.push(...app.lines.map((line) => `  | ${line}`));
    return { checks: checks + 3, failures };
  } catch (error) {
    signal.throwIfAborted();
    const output = programs.flatMap(({ name, lines }) => [`output of ${name}:`, ...lines.map((line) => `  | ${line}`)]);
    return { checks: 0, failures: [why(error), ...output] };
  } finally {
    await Promise.all(programs.map((program) => program.kill()));
  }
}

/** A failed `fetch` says why in its cause. */
function why({ message, cause }) {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

/** @returns what a promise gives, or undefined when the time has passed */
async function within(milliseconds, promise) {
  let timer;
  const passed = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    return await Promise.race([promise, passed]);
  } finally {
    clearTimeout(timer);
  }
}
