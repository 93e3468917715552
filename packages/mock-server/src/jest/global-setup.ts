import { settingsFromEnvironment } from '../cli/settings.reader.js';
import { startMockServer } from '../server/mock-server.js';
import { keepMock } from './running-mock.js';

/**
 * Jest `globalSetup`: starts one mock for the whole run and exports `IDENTITY_VERIFY_BASE_URL`, which the workers
 * inherit. `IDV_MOCK_PORT` chooses a port; a free one is taken otherwise.
 */
// oxlint-disable-next-line import/no-default-export -- Jest looks for nothing else
export default async function setup(): Promise<void> {
  // The same reading as on the command line: Kubernetes may have set the variable for a Service of that name.
  const { port = 0 } = settingsFromEnvironment({ IDV_MOCK_PORT: process.env['IDV_MOCK_PORT'] }) as { port?: number };
  const mock = await startMockServer({ port });
  process.env['IDENTITY_VERIFY_BASE_URL'] = mock.url;
  keepMock(mock);
}
