import { ENDPOINT, TEST_POPULATION } from '@identity-verify/contract';
import { curlLine } from '../text/curl-line.js';
import { whenLauncherIsGone } from './launcher.watch.js';
import { startFromSettings } from './start-from-settings.js';
import type { Settings } from './settings.table.js';

/** Starts a mock, prints its address, and runs until a signal stops it. */
export async function serve(settings: Settings): Promise<void> {
  let stop = (): void => process.exit(0);
  // Before anything that takes time: once npx is gone, there is no telling who has started this process.
  whenLauncherIsGone(() => stop());
  const mock = await startFromSettings(settings);
  stop = () => void mock.close().then(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const { name, idCard, mobile } = TEST_POPULATION[0];
  const curl = curlLine({
    url: mock.url + ENDPOINT.path,
    headers: { Authorization: `${ENDPOINT.authorizationScheme} demo` },
    fields: { name, idcard: idCard, mobile },
  });
  console.log(
    [
      `identity-verify-mock listens on ${mock.url}`,
      `  page and admin API  ${mock.url}/`,
      `  a match             ${curl}`,
    ].join('\n'),
  );
}
