/**
 * Test files that are slow for a reason: they install from the registry, build the documentation site, drive a second browser,
 * or wait for real servers. `pnpm test` leaves them to CI (`CI=true`) and to `test:long`; a file that is named is always run.
 */
const LEFT_TO_CI = [
  'test/browser/firefox.spec.ts',
  'test/browser/race.spec.ts',
  'test/packed/packed-apps.spec.ts',
  'test/packed/tarballs.spec.ts',
  'test/redis/rolling.spec.ts',
  'test/redis/sentinel.spec.ts',
  'test/rules/site.spec.ts',
];

/** The patterns that Jest ignores in this run. Says so, once. */
export function leftToCi([, program = '', ...args] = process.argv, { CI, TEST_LONG } = process.env) {
  // Other tools read the configuration of Jest, too.
  const isWhole = program.endsWith('jest.js') && args.every((arg) => arg.startsWith('-'));
  if (CI || TEST_LONG || !isWhole) return [];
  process.stderr.write(`${LEFT_TO_CI.length} slow files are left to CI and test:long: ${LEFT_TO_CI.join(', ')}\n`);
  return LEFT_TO_CI.map((path) => `<rootDir>/${path}`);
}
