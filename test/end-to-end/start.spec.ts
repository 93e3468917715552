import { describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';

// Long enough for a busy machine; a hang still fails.
jest.setTimeout(60_000);

const START = join(import.meta.dirname, '..', '..', 'tools', 'start.mjs');

async function taken(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** Runs `pnpm start`, which ends by itself. */
const start = (environment: Record<string, string>) =>
  new Promise<{ code: unknown; err: string }>((resolve) => {
    execFile(process.execPath, [START], { env: { PATH: process.env['PATH'], ...environment } }, (error, _out, err) =>
      resolve({ code: error?.code, err }),
    );
  });

describe('pnpm start', () => {
  it('names every taken port in one sentence, with one command that works', async () => {
    const [sample, mock] = [await taken(), await taken()];
    const { code, err } = await start({ SAMPLE_PORT: String(sample.port), MOCK_PORT: String(mock.port) });
    const [sentence, , command] = err.split('\n');
    expect(code).toBe(1);
    expect(sentence).toContain(`Ports ${sample.port} (sample) and ${mock.port} (mock upstream) are taken`);
    const [, samplePort, mockPort] =
      /^ {2}SAMPLE_PORT=(\d+) MOCK_PORT=(\d+) npx -y pnpm@12 start$/.exec(command ?? '') ?? [];
    const ports = [samplePort, mockPort, sample.port, mock.port].map(Number);
    expect(new Set(ports).size).toBe(4);

    const again = await start({ SAMPLE_PORT: String(samplePort), MOCK_PORT: String(mock.port) });
    expect(again.err).toContain(`Port ${mock.port} (mock upstream) is taken`);
    // What was chosen stays chosen.
    expect(again.err).toContain(`SAMPLE_PORT=${samplePort} MOCK_PORT=`);
    for (const { server } of [sample, mock]) server.close();
  });

  it('names every port that is none', async () => {
    expect(await start({ SAMPLE_PORT: 'x', MOCK_PORT: '70000' })).toMatchObject({
      code: 2,
      err: 'SAMPLE_PORT and MOCK_PORT must be a whole number from 0 to 65535.\n',
    });
  });
});
