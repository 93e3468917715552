import { settingsFromEnvironment } from '../cli/settings.reader.js';
import { startMockServer } from '../server/mock-server.js';
import { keepMock } from './running-mock.js';

/**
 * Jest `globalSetup`: starts one mock for the whole run and exports `IDENTITY_VERIFY_BASE_URL`, which the workers
 * inherit. `IDV_MOCK_PORT` sets the port; the default is a free one.
 */
// oxlint-disable-next-line import/no-default-export -- Jest looks for nothing else
export default async function setup(): Promise<void> {
  // Uses the parser of the command line, because Kubernetes may set the variable for a Service of that name.
  const { port = 0 } = settingsFromEnvironment({ IDV_MOCK_PORT: process.env['IDV_MOCK_PORT'] }) as { port?: number };
  const mock = await startMockServer({ port });
  process.env['IDENTITY_VERIFY_BASE_URL'] = mock.url;
  keepMock(mock);
}
