import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile, readdir, rm } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { tokenize } from '../../tools/lib/docs/han.tokenizer.mjs';
import { SITE_PAGES, WORKSPACE } from './documents.js';

const run = promisify(execFile);
const docs = join(WORKSPACE, 'docs');
const site = join(import.meta.dirname, '..', '.build', 'site');

/** The pages for contributors stand beside both languages; the theme leads there. */
const ENGLISH_ONLY = /^\/en\/(?=architecture|codes|(?:decisions|security|proof)\/)/;

/** The HTML of every page, by its path in the site. */
const pages = new Map<string, string>();
let files: Set<string>;

beforeAll(async () => {
  const vitepress = join(docs, 'node_modules', 'vitepress', 'bin', 'vitepress.js');
  const { NODE_ENV: _, NODE_OPTIONS: _options, ...env } = process.env; // Jest's own
  const typedoc = join(docs, 'node_modules', 'typedoc', 'bin', 'typedoc');
  await run(process.execPath, [vitepress, 'build', docs, '--outDir', site], { cwd: docs, env });
  // Fails on a warning: a type that is not exported, a link to nothing.
  await run(process.execPath, [typedoc, '--out', join(site, 'api')], { cwd: docs, env });
  files = new Set((await readdir(site, { recursive: true })).map((file) => file.replaceAll('\\', '/')));
  for (const file of files)
    if (file.endsWith('.html') && !file.startsWith('api/')) pages.set(file, await readFile(join(site, file), 'utf8'));
}, 900_000); // the builds take 30 s of one core, and minutes on a machine that is busy
afterAll(() => rm(site, { recursive: true, force: true }));

describe('the search', () => {
  it('splits Chinese into pairs, and leaves codes and names whole', () => {
    expect(tokenize('请求合并')).toEqual(['请求', '求合', '合并']);
    expect(tokenize('返回 IDV_IN_DOUBT，即存疑。')).toEqual(['返回', 'IDV_IN_DOUBT', '即存', '存疑']);
    expect(tokenize('pnpm 12、码')).toEqual(['pnpm', '12', '码']);
    expect(tokenize(' 。')).toEqual([]);
  });

  it('is sent to the browser as it is here', () => {
    // oxlint-disable-next-line typescript/no-implied-eval -- this is what the browser does
    const inBrowser = new Function(`return (${tokenize.toString()})`)() as typeof tokenize;
    expect(inBrowser('三要素核验')).toEqual(tokenize('三要素核验'));
  });
});

describe('the site', () => {
  it('has a page for every document of both languages', () => {
    expect([...pages.keys()]).toEqual(
      expect.arrayContaining(SITE_PAGES.map(({ path }) => path.replace(/^docs\//, '').replace(/\.md$/, '.html'))),
    );
  });

  it('has no link to a file or to an anchor that does not exist', () => {
    const dead: string[] = [];
    for (const [page, html] of pages) {
      for (const [, href = ''] of html.matchAll(/<a\s[^>]*?href="([^"]+)"/g)) {
        if (/^[a-z]+:/.test(href)) continue;
        const [path = '', anchor] = href.replace(ENGLISH_ONLY, '/').split('#');
        const target =
          path === '' ? page : posix.join(path.startsWith('/') ? '' : dirname(page), path.replace(/^\//, ''));
        const file =
          target === '' || target.endsWith('/') ? `${target}index.html` : target === '.' ? 'index.html' : target;
        const text = pages.get(file);
        if (!files.has(file)) dead.push(`${page}: ${href}`);
        else if (anchor && text !== undefined && !text.includes(`id="${decodeURIComponent(anchor)}"`)) {
          dead.push(`${page}: ${href}`);
        }
      }
    }
    expect(dead).toEqual([]);
  });

  it('loads nothing from another host', () => {
    const foreign = [...pages].flatMap(([page, html]) =>
      [...html.matchAll(/<(?:script|link|img)\b[^>]*?(?:src|href)="((?:https?:)?\/\/[^"]+)"/g)].map(
        ([, from]) => `${page}: ${from}`,
      ),
    );
    expect(foreign).toEqual([]);
  });

  it('has an index for the search in each language', () => {
    const indexes = [...files].filter((file) => /@localSearchIndex(?:root|en)\.[\w-]+\.js$/.test(file));
    expect(indexes).toHaveLength(2);
  });
});
