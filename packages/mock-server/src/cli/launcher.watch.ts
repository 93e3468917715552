import { readFileSync } from 'node:fs';

/** Interval between two checks of the launcher, in milliseconds. */
const CHECK_MS = 500;

const COMMAND = 'identity-verify-mock';
const SHELL = /(?:^|\/)(?:ba|da|a|z|k)?sh$/;

/**
 * Calls back once when the npx process that started this process has ended. A signal to npx reaches at most the shell
 * in between, so the mock would continue to run and keep its port.
 *
 * Watches npx only. A mock that a script, nohup, systemd or Docker started may outlive its parent.
 *
 * @returns a function that stops the watch
 */
export function whenLauncherIsGone(callback: () => void, environment: NodeJS.ProcessEnv = process.env): () => void {
  if (!isStartedByNpx(environment)) return () => undefined;
  const parent = process.ppid;
  const beyond = parentOfShell(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && (beyond === undefined || isAlive(beyond))) return;
    clearInterval(timer);
    callback();
  }, CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Children of the npx command inherit its environment. Only the command itself counts. */
function isStartedByNpx(environment: NodeJS.ProcessEnv): boolean {
  const { npm_lifecycle_event: event, npm_lifecycle_script: script = COMMAND } = environment;
  return event === 'npx' && script.includes(COMMAND);
}

/** Returns the parent of the shell in which npx runs the command; undefined if there is none, or without /proc. */
function parentOfShell(pid: number): number | undefined {
  try {
    const [program = '', option] = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
    if (!SHELL.test(program) || option !== '-c') return undefined;
    // The name is in parentheses and can contain any character. The state and the parent follow it.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(parent) > 1 ? Number(parent) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
