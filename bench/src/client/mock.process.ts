import { startMockServer } from '@identity-verify/mock-server';

// A separate process, so that the work of the upstream does not count for the client.
void startMockServer({ port: 0, journal: 'off' }).then(({ url }) => process.send?.(url));
process.on('disconnect', () => process.exit());
