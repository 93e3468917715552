import { startMockServer } from '../server/mock-server.js';
import { keepMock } from './running-mock.js';

/**
 * Jest `globalSetup`: starts one mock for the whole run and exports `IDENTITY_VERIFY_BASE_URL`, which the workers
 * inherit. `IDV_MOCK_PORT` chooses a port; a free one is taken otherwise.
 */
// oxlint-disable-next-line import/no-default-export -- Jest looks for nothing else
export default async function setup(): Promise<void> {
  const mock = await startMockServer({ port: Number(process.env['IDV_MOCK_PORT'] ?? 0) });
  process.env['IDENTITY_VERIFY_BASE_URL'] = mock.url;
  keepMock(mock);
}
