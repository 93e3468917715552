import fs from 'node:fs';
import type { JournalEntry } from '../journal/journal.types.js';
import { readPopulationFile } from '../scenario/population.file.js';
import { MockOptionsError } from '../server/mock-options.check.js';
import type { MockServerOptions } from '../server/mock-options.types.js';
import { startMockServer, type MockServer } from '../server/mock-server.js';
import type { Settings } from './settings.table.js';

/**
 * Starts a mock from the command-line settings and reads the files that they name.
 *
 * @throws MockOptionsError, PopulationFileError, or an error with a remedy if the port is in use
 */
export async function startFromSettings(settings: Settings): Promise<MockServer> {
  const { population, tlsCert, tlsKey, tls, log, ...options } = settings;
  const people = population === undefined ? undefined : await readPopulationFile(population, options.allowRealLooking);
  const credentials = await readCredentials(tlsCert, tlsKey);
  const all: MockServerOptions = {
    ...options,
    ...(people && { people }),
    ...((credentials ?? tls) && { tls: credentials ?? true }),
    ...(log && { onEntry: printEntry }),
  };
  try {
    return await startMockServer(all);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const port = settings.port ?? 1979;
    if (code === 'EADDRINUSE') {
      throw new MockOptionsError(
        `Port ${port} is taken. Stop what uses it, or choose another with --port (0 takes a free one).`,
      );
    }
    if (code === 'EACCES')
      throw new MockOptionsError(`Port ${port} may not be used by this user. Choose one from 1024 with --port.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new MockOptionsError(`This machine has no address ${settings.host}. Choose another with --host.`);
    }
    throw error;
  }
}

async function readCredentials(certFile: string | undefined, keyFile: string | undefined) {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    throw new MockOptionsError('A certificate and its key go together: give both --tls-cert and --tls-key.');
  }
  try {
    const [cert, key] = await Promise.all([
      fs.promises.readFile(certFile, 'utf8'),
      fs.promises.readFile(keyFile, 'utf8'),
    ]);
    return { cert, key };
  } catch {
    throw new MockOptionsError('The certificate or its key cannot be read.');
  }
}

/** The line contains no personal data, not even masked. */
function printEntry({ at, decidedBy, scenario, httpStatus, billed, fen }: JournalEntry, namespaceId: string): void {
  console.log(`${at} ${namespaceId} ${decidedBy} ${scenario ?? '-'} ${httpStatus ?? '-'} billed=${billed} fen=${fen}`);
}
