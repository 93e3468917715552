import { createServer } from 'node:net';

/**
 * Returns the ports from the environment. Exits with a remedy if a port is invalid or in use.
 *
 * @param {string} script the pnpm script, for the remedy
 * @param {{ mock: boolean }} wanted true if the tool starts a mock
 */
export async function takePorts(script, { mock }) {
  const { SAMPLE_PORT: samplePort = '3000', MOCK_PORT: mockPort = '1979' } = process.env;
  const wanted = [['SAMPLE_PORT', samplePort, 'sample'], ...(mock ? [['MOCK_PORT', mockPort, 'mock upstream']] : [])];
  for (const [variable, port, what] of wanted) {
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
      console.error(`${variable} must be a port: a whole number from 0 to 65535.`);
      process.exit(2);
    }
    if (!(await isFree(Number(port)))) {
      console.error(
        `Port ${port} of the ${what} is taken. Stop what uses it, or choose another:\n\n` +
          `  ${variable}=0 npx -y pnpm@12 ${script}      (0 takes a free one)`,
      );
      process.exit(1);
    }
  }
  return { samplePort, mockPort };
}

/** Returns true if a loopback port is free. Port 0 is always free. */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
