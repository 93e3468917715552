/**
 * The state of a connection: `waiting` before the first reply, `ok`, or `gone` while the server does not answer. A
 * server that refuses is not gone.
 *
 * @typedef {'waiting' | 'ok' | 'gone'} LiveState
 */

/** The longest wait between two tries while the server does not answer, in milliseconds. */
const GONE_MS = 10_000;

/**
 * Loads something again and again: never twice at a time, not while the page is hidden, and less often while the server
 * does not answer.
 *
 * @template T
 * @param {object} of
 * @param {() => Promise<T>} of.load rejects with a `TypeError` if the server cannot be reached, as `fetch` does
 * @param {number} of.everyMs pause between two loads, in milliseconds
 * @param {(value: T) => void} of.onValue
 * @param {(state: LiveState) => void} of.onState called when the state changes
 * @param {(error: Error) => void} [of.onError] called when the server refuses
 * @returns {{ refresh: () => Promise<void>, stop: () => void, state: () => LiveState }} `refresh` loads now; called
 *   while a load is under way, it loads once more after it
 */
export function poll({ load, everyMs, onValue, onState, onError = () => {} }) {
  /** @type {LiveState} */
  let state = 'waiting';
  let failures = 0;
  let stopped = false;
  let again = false;
  /** @type {Promise<void> | undefined} */
  let running;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const become = (/** @type {LiveState} */ next) => {
    if (state === next) return;
    state = next;
    onState(next);
  };

  const once = async () => {
    try {
      const value = await load();
      if (stopped) return;
      failures = 0;
      become('ok');
      onValue(value);
    } catch (error) {
      if (stopped) return;
      if (error instanceof TypeError) {
        failures++;
        become('gone');
      } else {
        failures = 0;
        become('ok');
        onError(/** @type {Error} */ (error));
      }
    }
  };

  const plan = () => {
    clearTimeout(timer);
    if (stopped) return;
    const wait = failures === 0 ? everyMs : Math.min(everyMs * 2 ** failures, Math.max(everyMs, GONE_MS));
    timer = setTimeout(() => {
      if (document.hidden) plan();
      else void refresh();
    }, wait);
  };

  const untilQuiet = async () => {
    again = false;
    await once();
    if (again && !stopped) await untilQuiet();
  };

  const refresh = async () => {
    again = true;
    running ??= untilQuiet().then(() => {
      running = undefined;
      plan();
    });
    await running;
  };

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && !stopped) void refresh();
  });

  return {
    refresh,
    state: () => state,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/**
 * Counts the time of something under way, about ten times a second.
 *
 * @param {(elapsedMs: number) => void} onTick called at once, then again and again
 * @returns {() => number} ends counting, and returns the elapsed time in milliseconds
 */
export function stopwatch(onTick) {
  const start = performance.now();
  const tick = () => onTick(performance.now() - start);
  tick();
  const timer = setInterval(tick, 100);
  return () => {
    clearInterval(timer);
    return performance.now() - start;
  };
}
