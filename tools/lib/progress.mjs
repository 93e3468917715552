const TICK_MS = 1_000;

/**
 * Prints what is under way, with the seconds on a terminal, and how long it took at the end. Keeps to one line.
 *
 * @template T
 * @param {string} what `building`
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(what, work) {
  const started = performance.now();
  const { isTTY } = process.stdout;
  const seconds = () => (performance.now() - started) / 1_000;
  process.stdout.write(`${what} …${isTTY ? '' : '\n'}`);
  const ticker = isTTY && setInterval(() => process.stdout.write(`\r${what} … ${seconds().toFixed(0)} s`), TICK_MS);
  try {
    const result = await work();
    process.stdout.write(`${isTTY ? '\r' : ''}${what}: ${seconds().toFixed(1)} s\n`);
    return result;
  } catch (error) {
    if (isTTY) process.stdout.write('\n');
    throw error;
  } finally {
    clearInterval(ticker);
  }
}
