/** One combination of the matrix. */
export interface Cell {
  /** A row of `NESTS`. */
  readonly nest: string;
  readonly platform: string;
  /** A version of Node, or the beginning of one. */
  readonly node: string;
  readonly module: string;
}

/** The values of the options of the command line: lists with commas. */
export interface Selection {
  readonly node?: string;
  readonly nest?: string;
  readonly platform?: string;
  readonly module?: string;
  readonly manager?: string;
}

/**
 * Selects cells, ordered so that each application is installed once.
 *
 * @throws when a value is unknown, with those that there are
 */
export function selectCells(selection?: Selection): Cell[];

/** Selects installations: each package manager with each major version of Nest. @throws as {@link selectCells} does */
export function selectInstalls(selection?: Selection): { readonly manager: string; readonly nest: string }[];

/** What is known about a cell after it ran. */
export interface Ran {
  /** The whole version of Node. */
  readonly node: string;
  /** Whether this Node can `require` ES modules. */
  readonly requiresModules: boolean;
  /** Whether the application started and was asked. */
  readonly isStarted: boolean;
  /** The manifests of what the application depends on. */
  readonly manifests: readonly {
    readonly name: string;
    readonly version: string;
    readonly engines?: { readonly node?: string };
  }[];
  readonly failures: readonly string[];
}

/**
 * Judges a cell. One that does not start is `unsupported` if what is installed says itself that it does not run on this
 * Node, or if this Node lacks what Nest needs. Otherwise it fails; one that starts and answers wrongly always does.
 */
export function verdictOf(ran: Ran): { readonly status: 'pass' | 'unsupported' | 'fail'; readonly reason?: string };
