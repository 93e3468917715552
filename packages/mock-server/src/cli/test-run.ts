import { startMockServer, type MockServer } from '../server/mock-server.js';
import { settingsFromEnvironment } from './settings.reader.js';

/**
 * Starts one mock for a whole test run and exports `IDENTITY_VERIFY_BASE_URL`, which the workers inherit. `IDV_MOCK_PORT`
 * sets the port; the default is a free one.
 */
export async function startMockOfTestRun(): Promise<MockServer> {
  // Uses the parser of the command line, because Kubernetes may set the variable for a Service of that name.
  const { port = 0 } = settingsFromEnvironment({ IDV_MOCK_PORT: process.env['IDV_MOCK_PORT'] }) as { port?: number };
  const mock = await startMockServer({ port });
  process.env['IDENTITY_VERIFY_BASE_URL'] = mock.url;
  return mock;
}
