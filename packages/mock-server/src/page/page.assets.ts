import { PAGE_FILES } from './page.files.js';

/** A file of the page as text. Both builds of the package include it, and nothing is read from disk. */
export interface PageAsset {
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** The files of the page. */
export const PAGE_ASSETS: readonly PageAsset[] = Object.entries(PAGE_FILES).map(([name, body]) => ({
  path: name === 'index.html' ? '/' : `/__page/${name}`,
  type: TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
  body,
}));
