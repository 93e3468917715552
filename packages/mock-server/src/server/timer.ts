/** Calls back once after so many milliseconds. @returns a function that cancels */
export type SetTimer = (callback: () => void, ms: number) => () => void;

/** Real time. A pending delay of the mock never keeps a process alive by itself. */
export const realTimer: SetTimer = (callback, ms) => {
  const timer = setTimeout(callback, ms);
  timer.unref();
  return () => clearTimeout(timer);
};
