/** Where a package is installed. */
export interface Copy {
  readonly path: string;
  readonly version: string;
}

/** Finds the copies of packages below a folder. A link is no copy, because Node loads what it points to. */
export function findCopies(folder: string, isWatched: (name: string) => boolean): Promise<Map<string, Copy[]>>;

/** Names what is there more than once, and what is expected and not there. */
export function faultsOf(copies: ReadonlyMap<string, readonly Copy[]>, expected: readonly string[]): string[];

/**
 * Reads the commands that install the packages from a page: the block of one package manager, below one major version of
 * Nest.
 *
 * @throws when the page has none
 */
export function installLines(page: string, nestMajor: string, manager: string): string[];
