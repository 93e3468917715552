/** The groups of mutation tests, by name. Paths are patterns, from the root of the repository; `!` takes files out. */
export const GROUPS: Record<string, { mutate: string[]; tests: string[]; atLeast: number }>;
