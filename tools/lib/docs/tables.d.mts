import type { Language } from './pages.mjs';

/** The generated parts of READMEs and pages, by name and language. */
export type DocumentTables = Readonly<Record<string, Readonly<Record<Language, string>>>>;

/** Makes the generated parts from the tables that the code runs on. */
export function documentTables(nestjs: typeof import('@identity-verify/nestjs')): DocumentTables;

/** Writes every generated part of a page anew. Throws when the page names a table that does not exist. */
export function withTables(page: string, language: Language, tables: DocumentTables): string;
