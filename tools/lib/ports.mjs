import { createServer } from 'node:net';

/**
 * The ports that the environment asks for; ends the tool with a way out when one of them is wrong or taken.
 *
 * @param {string} script the pnpm script, for the way out
 * @param {{ mock: boolean }} wanted whether a mock is started at all
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

/** Whether nobody listens on a port of loopback. Port 0 is always free. */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
