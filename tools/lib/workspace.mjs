import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { withProgress } from './progress.mjs';

/** The root of the workspace. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** The paths of the two built programs. */
export const PROGRAMS = {
  mock: join(ROOT, 'packages/mock-server/dist/esm/cli/main.js'),
  sample: join(ROOT, 'apps/sample/dist/main.js'),
};

const require = createRequire(import.meta.url);

/** The path of the TypeScript compiler. `.bin` contains shell scripts, which not every system can run. */
export const TSC = join(require.resolve('@typescript/native/package.json'), '..', 'bin', 'tsc');

/** Compiles projects and their references. Prints its progress; throws on errors. */
export function build(...projects) {
  return withProgress(`building ${projects.join(', ') || 'everything'}`, async () => {
    await run(process.execPath, [join(ROOT, 'tools/page.mjs')]);
    await run(process.execPath, [TSC, '-b', ...projects]);
    await run(process.execPath, [join(ROOT, 'tools/mark-commonjs.mjs')]);
  });
}

/** Runs a program and inherits its output. Rejects if it fails. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${args[0]} ended with ${signal ?? `exit code ${code}`}`)),
    );
  });
}

/** Runs a program, and returns what it printed, which is shown as it comes. Rejects if it fails. */
export async function printedBy(command, args) {
  let printed = '';
  const child = spawn(command, args, { cwd: ROOT, stdio: ['inherit', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text;
    process.stdout.write(text);
  });
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args[0]} ended with ${signal ?? `exit code ${code}`}`);
  return printed;
}
