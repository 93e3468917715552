// Bundles the command `identity-verify-mock`: one file for a start, and one for each part that is loaded later. Many
// small files take longer to load than everything that the command does before its first reply.
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';
import { ROOT } from './lib/workspace.mjs';

const PACKAGE = join(ROOT, 'packages/mock-server');
const SOURCES = join(PACKAGE, 'src');
const OUTPUT = join(PACKAGE, 'dist/command');

/** The other dependencies are loaded only when they are needed, and from their own packages. */
const { dependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
const external = Object.keys(dependencies).filter((name) => !name.startsWith('@identity-verify/'));

const bundle = await rolldown({
  input: { 'identity-verify-mock': join(SOURCES, 'cli/launch.ts') },
  platform: 'node',
  external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
  resolve: { alias: { '@identity-verify/contract': join(ROOT, 'packages/contract/src/index.ts') } },
  // The manifest lists side effects of the output, not of the sources.
  treeshake: { moduleSideEffects: () => true },
  onLog: (level, log) => {
    if (level === 'warn') throw new Error(log.message);
  },
});
rmSync(OUTPUT, { recursive: true, force: true });
const { output } = await bundle.write({
  dir: OUTPUT,
  format: 'cjs',
  sourcemap: true,
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name].cjs',
  // Names of classes are part of error messages.
  keepNames: true,
});
await bundle.close();

for (const chunk of output) if (chunk.type === 'chunk') trimMap(join(OUTPUT, `${chunk.fileName}.map`));
writeFileSync(join(OUTPUT, 'THIRD-PARTY-LICENSES.txt'), licences(output.flatMap(({ moduleIds = [] }) => moduleIds)));

/** Sources that the package contains are not repeated in the map. */
function trimMap(path) {
  const map = JSON.parse(readFileSync(path, 'utf8'));
  map.sourcesContent = map.sources.map((source, index) =>
    join(OUTPUT, source).startsWith(SOURCES + sep) ? null : map.sourcesContent[index],
  );
  writeFileSync(path, JSON.stringify(map));
}

/** The licences of all bundled packages that are not of this repository. Throws if one has no licence file. */
function licences(moduleIds) {
  const folders = new Set();
  for (const id of moduleIds) {
    const [, folder] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id) ?? [];
    if (folder !== undefined) folders.add(folder);
    else if (!id.startsWith('\0') && relative(join(ROOT, 'packages'), id).startsWith('..')) {
      throw new Error(`${id} is bundled, and belongs to no known package.`);
    }
  }
  const texts = [...folders]
    .sort((a, b) => a.localeCompare(b))
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((each) => /^licen[cs]e(?:\.\w+)?$/i.test(each));
      if (file === undefined) throw new Error(`${name} is bundled, and has no licence file.`);
      return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
    });
  return `The files beside this one contain code of these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
