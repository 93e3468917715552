import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const SHIPPED = /\.(?:js|css|html|svg)$/;

/** The folders of the page: the address of their files begins with the key. */
const FOLDERS = {
  '': join(ROOT, 'packages/mock-server/page'),
  'kit/': join(ROOT, 'packages/page-kit/kit'),
};

/** Returns the module that contains the files of the mock's page as text. Line ends are those of Unix everywhere. */
export function pageFilesModule() {
  const files = Object.entries(FOLDERS).flatMap(([prefix, folder]) =>
    readdirSync(folder)
      .filter((name) => SHIPPED.test(name))
      .sort()
      .map((name) => [prefix + name, readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n')]),
  );
  const entries = files.map(([name, text]) => `  '${name}': \`${escaped(text)}\`,\n`);
  return `// Written by \`node tools/page.mjs\` from packages/mock-server/page and packages/page-kit/kit. Change it there.

/** The files of the page, by name. */
export const PAGE_FILES: Readonly<Record<string, string>> = {
${entries.join('')}};
`;
}

/** Escapes a text for a template literal. */
function escaped(text) {
  return text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
}
