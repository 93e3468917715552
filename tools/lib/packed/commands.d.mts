export interface RunOptions {
  /** Variables in addition to those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Stops the program, and what it has started, when it aborts. */
  readonly signal?: AbortSignal;
}

/** Runs a program until it exits. @returns its stdout @throws with its whole output */
export function run(command: string, args: readonly string[], cwd: string, options?: RunOptions): Promise<string>;

/** Installs packages with npm: names with versions, or paths of tarballs. @throws with npm's whole output */
export function npmInstall(packages: readonly string[], folder: string, options?: RunOptions): Promise<string>;

/** A program that listens. */
export interface Listening {
  readonly url: string;
  /** What it has printed so far. */
  readonly lines: readonly string[];
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Sends SIGTERM and waits until it has exited. */
  stop(): Promise<number | string>;
  /** Ends it at once. */
  kill(): Promise<number | string>;
  /** Closes its stdin. */
  endInput(): void;
}

/** Starts a Node program and waits for the line with its address. @throws with its output when it ends before */
export function listen(
  script: string,
  args: readonly string[],
  cwd: string,
  environment?: Readonly<Record<string, string>>,
  options?: { readonly node?: string; readonly signal?: AbortSignal },
): Promise<Listening>;
