/** The languages of the documents. */
export type Language = 'en' | 'zh';

/** The paths of all documents in the workspace: READMEs, and the pages of the site. */
export function documentPaths(): Promise<string[]>;

/** The language of a page, by its path in the workspace. */
export function languageOf(path: string): Language;
