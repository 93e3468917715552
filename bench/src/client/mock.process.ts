import { startMockServer } from '@identity-verify/mock-server';

// A process of its own, so that the upstream's work is not counted as the client's.
void startMockServer({ port: 0, journal: 'off' }).then(({ url }) => process.send?.(url));
process.on('disconnect', () => process.exit());
