/** A file of the page, held as text: both builds of the package carry it, and nothing is read from disk. */
export interface PageAsset {
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

/** All files of the page. */
export const PAGE_ASSETS: readonly PageAsset[] = [];
