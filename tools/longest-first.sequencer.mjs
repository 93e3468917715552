/**
 * Starts the files that take longest first, so that all workers end at about the same time. Jest knows how long a file took
 * the last time; where it does not, as in CI, this table says so.
 */
import TestSequencer from '@jest/test-sequencer';
import { relative } from 'node:path';

/** About how many seconds the long files take in one of two workers. A wrong number only makes a run longer. */
export const SECONDS = {
  'test/packed/packed-apps.spec.ts': 70,
  'test/browser/sample-page.spec.ts': 60,
  'test/mock/page.spec.ts': 50,
  'test/rules/site.spec.ts': 45,
  'test/leaks/leaks.spec.ts': 40,
  'test/redis/rolling.spec.ts': 40,
  'test/end-to-end/sample-redis.spec.ts': 35,
  'test/browser/race.spec.ts': 30,
  'test/end-to-end/sample-ledger.spec.ts': 30,
  'test/end-to-end/sample-load.spec.ts': 30,
  'test/schedules/mock-schedules.spec.ts': 28,
  'test/packed/tarballs.spec.ts': 27,
  'test/browser/firefox.spec.ts': 26,
  'test/end-to-end/sample-operations.spec.ts': 25,
  'test/redis/processes.spec.ts': 25,
  'test/redis/sentinel.spec.ts': 25,
  'test/faults/faults.spec.ts': 22,
  'test/mock/cli.spec.ts': 20,
  'test/redis/url-client.spec.ts': 18,
  'packages/nestjs/src/verification/verification.schedules.spec.ts': 17,
  'test/mock/hostile-requests.spec.ts': 17,
  'test/mock/namespaces.spec.ts': 16,
  'test/redis/schedules.spec.ts': 16,
  'test/redis/store-failure.spec.ts': 14,
  'test/ledgers/sqlite-processes.spec.ts': 13,
  'test/leaks/echoes.spec.ts': 12,
  'test/mock/jest-preset.spec.ts': 12,
  'test/redis/restart.spec.ts': 12,
  'test/redis/readme.spec.ts': 11,
};

/** Of any other file. */
const FEW_SECONDS = 3;

export default class LongestFirstSequencer extends TestSequencer {
  /** @returns milliseconds */
  time(test) {
    return super.time(test) ?? 1_000 * (SECONDS[relative(process.cwd(), test.path)] ?? FEW_SECONDS);
  }
}
