/** The module `packages/mock-server/src/page/page.files.ts`. */
export function pageFilesModule(): string;
