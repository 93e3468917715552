import { PAGE_CSS } from './page.css.js';
import { PAGE_HTML } from './page.html.js';
import { PAGE_SCRIPT } from './page.script.js';

/** A file of the page as text. Both builds of the package include it, and nothing is read from disk. */
export interface PageAsset {
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b6e69"/><circle cx="12" cy="12.5" r="3.5" fill="#fff"/><path d="M5.5 23.5c.6-4 3.2-6 6.500-6s5.900 2 6.500 6z" fill="#fff"/><path d="M19 14.500l3 3 5.500-6" fill="none" stroke="#9fe3dd" stroke-width="2.600" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

/** The files of the page. */
export const PAGE_ASSETS: readonly PageAsset[] = [
  { path: '/', type: 'text/html; charset=utf-8', body: PAGE_HTML },
  { path: '/__page/style.css', type: 'text/css; charset=utf-8', body: PAGE_CSS },
  { path: '/__page/app.js', type: 'text/javascript; charset=utf-8', body: PAGE_SCRIPT },
  { path: '/__page/icon.svg', type: 'image/svg+xml', body: ICON },
];
