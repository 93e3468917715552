import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const WORKSPACE = join(import.meta.dirname, '..', '..', '..');

/** The paths of all documents in the workspace: READMEs, and the pages of the site. */
export async function documentPaths() {
  const below = async (folder, depth) => {
    const entries = await readdir(join(WORKSPACE, folder), { withFileTypes: true });
    const found = await Promise.all(
      entries.map((entry) => {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory()) {
          return depth > 0 && !/^(?:\.|node_modules$|dist$)/.test(entry.name) ? below(path, depth - 1) : [];
        }
        return entry.name.endsWith('.md') ? [path] : [];
      }),
    );
    return found.flat();
  };
  const found = await Promise.all([below('', 0), below('packages', 1), below('apps', 1), below('docs', 4)]);
  return found.flat().sort((one, other) => (one < other ? -1 : 1));
}

/**
 * The language of a page, by its path in the workspace.
 *
 * @param {string} path
 */
export function languageOf(path) {
  if (path.endsWith('.zh-CN.md')) return 'zh';
  const contributors = /^docs\/(?:architecture|codes)\.md$|^docs\/(?:decisions|security|proof)\//;
  return path.startsWith('docs/') && !path.startsWith('docs/en/') && !contributors.test(path) ? 'zh' : 'en';
}
