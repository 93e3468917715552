import { readFileSync } from 'node:fs';

/** How often the launcher is looked for, in milliseconds. */
const CHECK_MS = 500;

const COMMAND = 'identity-verify-mock';
const SHELL = /(?:^|\/)(?:ba|da|a|z|k)?sh$/;

/**
 * Calls back once when npx, which has started this process, is gone. A signal to npx reaches at most the shell between the
 * two, so the mock would stay behind and keep its port.
 *
 * Nothing is watched when something else has started it: a mock in the background of a script, under nohup, systemd or
 * Docker, may well outlive its parent.
 *
 * @returns a function that ends the watching
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

/** What npx runs inherits its environment too: only its own command counts. */
function isStartedByNpx(environment: NodeJS.ProcessEnv): boolean {
  const { npm_lifecycle_event: event, npm_lifecycle_script: script = COMMAND } = environment;
  return event === 'npx' && script.includes(COMMAND);
}

/** The process behind the shell that npx starts its command with; undefined when there is none, or no /proc to ask. */
function parentOfShell(pid: number): number | undefined {
  try {
    const [program = '', option] = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
    if (!SHELL.test(program) || option !== '-c') return undefined;
    // After the name, which is in brackets and may hold anything: state, then parent.
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
