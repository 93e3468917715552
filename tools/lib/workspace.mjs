import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The top of the workspace. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** Where the two programs are, once built. */
export const PROGRAMS = {
  mock: join(ROOT, 'packages/mock-server/dist/esm/cli/main.js'),
  sample: join(ROOT, 'apps/sample/dist/main.js'),
};

const require = createRequire(import.meta.url);

/** The compiler of the build: by its path, because `.bin` holds shell scripts that not every system can start. */
export const TSC = join(require.resolve('@typescript/native/package.json'), '..', 'bin', 'tsc');

/** Compiles projects and what they refer to. Writes a line when it begins and when it is done; throws on errors. */
export async function build(...projects) {
  const started = performance.now();
  process.stdout.write(`building ${projects.join(', ') || 'everything'} …\n`);
  await run(process.execPath, [TSC, '-b', ...projects]);
  await run(process.execPath, [join(ROOT, 'tools/mark-commonjs.mjs')]);
  process.stdout.write(`built in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

/** Runs a program to its end, its output on ours. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${args[0]} ended with ${signal ?? `exit code ${code}`}`)),
    );
  });
}
