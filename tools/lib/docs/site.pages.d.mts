/** A page of the site, by its path below the folder of its language. */
export interface SitePage {
  /** Without `.md`. */
  readonly path: string;
  /** Its name in the sidebar. */
  readonly zh: string;
  /** Its name in the sidebar. */
  readonly en: string;
}

/** A group of the sidebar. */
export interface PageGroup {
  readonly zh: string;
  readonly en: string;
  /** In the order of the sidebar. A page that has not been written is not listed. */
  readonly pages: readonly SitePage[];
}

/** Every page that exists in both languages. */
export const PAGE_GROUPS: readonly PageGroup[];

/** The pages for contributors, which are in English only. */
export const CONTRIBUTOR_PAGES: PageGroup;
