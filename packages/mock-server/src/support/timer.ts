/** Calls back once after so many milliseconds. @returns a function that cancels */
export type SetTimer = (callback: () => void, ms: number) => () => void;

/** The longest wait of `setTimeout`, in milliseconds: a longer one would end at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Real time. A pending delay of the mock never keeps a process alive by itself. */
export const realTimer: SetTimer = (callback, ms) => {
  const timer = setTimeout(callback, Math.min(ms, LONGEST_MS));
  timer.unref();
  return () => clearTimeout(timer);
};
