/** Calls back once after the given milliseconds. @returns a function that cancels the call */
export type SetTimer = (callback: () => void, ms: number) => () => void;

/** Maximum delay of `setTimeout`, in milliseconds. It fires at once for a longer one. */
const LONGEST_MS = 2 ** 31 - 1;

/** The system timer. A pending delay does not keep the process alive. */
export const realTimer: SetTimer = (callback, ms) => {
  const timer = setTimeout(callback, Math.min(ms, LONGEST_MS));
  timer.unref();
  return () => clearTimeout(timer);
};
