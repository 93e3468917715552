import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentPaths, languageOf } from '../../tools/lib/docs/pages.mjs';

/** The folder of the workspace. */
export const WORKSPACE = join(import.meta.dirname, '..', '..');

/** A block of code in a document. */
export interface CodeBlock {
  /** The path of the document in the workspace. */
  readonly page: string;
  /** Its number in the document, from 0. */
  readonly index: number;
  readonly language: string;
  /**
   * What stands behind the language: `run` starts every module that the block exports and calls every exported function
   * without parameters, `test` runs it as a test file.
   */
  readonly info: string;
  readonly code: string;
  /** The file that the first line names, as in `// src/app.module.ts`. Blocks of one page import each other by it. */
  readonly file: string | undefined;
}

const read = (path: string) => readFile(join(WORKSPACE, path), 'utf8');

/** Every document: its text, its language, and its path below the folder of the language, without `.md`. */
export const DOCUMENTS = await Promise.all(
  (await documentPaths()).map(async (path) => ({
    path,
    text: await read(path),
    language: languageOf(path),
    page: path.replaceAll(/^docs\/(?:en\/)?|\.md$/g, ''),
  })),
);

/** The pages of the site that exist in both languages. */
export const SITE_PAGES = DOCUMENTS.filter(({ path }) => /^docs\/(?:en\/)?(?:index|guide\/|reference\/)/.test(path));

/** All blocks of code of all documents. */
export const CODE_BLOCKS: readonly CodeBlock[] = DOCUMENTS.flatMap(({ path, text }) =>
  [...text.matchAll(/^```([\w-]+)([^\n]*)\n([^]*?)^```$/gm)].map(([, language = '', info = '', code = ''], index) => ({
    page: path,
    index,
    language,
    info: info.trim(),
    code,
    file: /^(?:\/\/|#) ([\w./-]+\.\w+)\n/.exec(code)?.[1],
  })),
);

/** Where a block of code is written, below a folder for its page. */
export function fileOf({ page, index, language, file }: CodeBlock): string {
  return join(page.replaceAll(/\W/g, '-'), file ?? `block-${index}.${language}`);
}
