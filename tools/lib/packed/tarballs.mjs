import { mkdir } from 'node:fs/promises';
import { ROOT } from '../workspace.mjs';
import { run } from './commands.mjs';

export const PUBLISHED = ['contract', 'mock-server', 'nestjs', 'redis', 'sqlite'];

export async function packAll(destination, options) {
  await mkdir(destination, { recursive: true });
  const [pnpm, ...first] = pnpmCommand();
  // The kit is private: the mock and the sample embed it.
  const filters = ['--filter', './packages/*', '--filter', '!@identity-verify/page-kit'];
  const args = [...first, '--recursive', ...filters, 'pack', '--json', '--pack-destination', destination];
  const out = await run(pnpm, args, ROOT, options);
  const packed = JSON.parse(out.slice(out.indexOf('[')));
  const unnamed = packed.filter(({ name }) => !PUBLISHED.some((each) => name === `@identity-verify/${each}`));
  if (unnamed.length > 0) throw new Error(`PUBLISHED does not name ${unnamed.map(({ name }) => name).join(', ')}`);
  return Object.fromEntries(
    PUBLISHED.map((name) => {
      const found = packed.find((each) => each.name === `@identity-verify/${name}`);
      if (!found) throw new Error(`pnpm packed no @identity-verify/${name}`);
      return [name, found.filename];
    }),
  );
}

/** The pnpm that runs this program, or one by npx. pnpm 12 is a program of its own, and earlier ones are scripts. */
export function pnpmCommand() {
  const running = process.env.npm_execpath ?? '';
  if (!running.includes('pnpm')) return ['npx', '-y', 'pnpm@12'];
  return /\.[cm]?js$/.test(running) ? [process.execPath, running] : [running];
}
