import { writeSync } from 'node:fs';

/**
 * Writes a line to stdout and returns once all of it is written, for programs that may end or be killed right after.
 *
 * stdout may be a pipe that does not block, and then a slow reader fills it (EAGAIN): the rest is tried again.
 */
export function writeLine(line) {
  let rest = Buffer.from(`${line}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
