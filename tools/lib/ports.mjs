import { createServer } from 'node:net';

/**
 * Returns the ports from the environment. Exits with one sentence and one command that works if a port is invalid or in
 * use.
 *
 * @param {string} script the pnpm script, for the remedy
 * @param {{ mock: boolean }} wanted true if the tool starts a mock
 */
export async function takePorts(script, { mock }) {
  const { SAMPLE_PORT: samplePort = '3000', MOCK_PORT: mockPort = '1979' } = process.env;
  const wanted = [
    { variable: 'SAMPLE_PORT', port: samplePort, what: 'sample' },
    ...(mock ? [{ variable: 'MOCK_PORT', port: mockPort, what: 'mock upstream' }] : []),
  ];
  const invalid = wanted.filter(({ port }) => !/^\d{1,5}$/.test(port) || Number(port) > 65_535);
  if (invalid.length > 0) {
    console.error(`${invalid.map(({ variable }) => variable).join(' and ')} must be a whole number from 0 to 65535.`);
    process.exit(2);
  }
  const free = await Promise.all(wanted.map(({ port }) => isFree(Number(port))));
  const taken = wanted.filter((_, index) => !free[index]);
  if (taken.length > 0) {
    console.error(await takenMessage(script, wanted, taken));
    process.exit(1);
  }
  return { samplePort, mockPort };
}

/** Names all taken ports in one sentence, and a command with ports that are free now. */
async function takenMessage(script, wanted, taken) {
  const settings = [];
  for (const each of wanted) {
    const { variable, port } = each;
    if (taken.includes(each)) settings.push(`${variable}=${await nextFree(Number(port) + 1, settings)}`);
    // What was chosen stays chosen.
    else if (process.env[variable] !== undefined) settings.push(`${variable}=${port}`);
  }
  const [noun, verb, object] = taken.length > 1 ? ['Ports', 'are', 'them'] : ['Port', 'is', 'it'];
  const names = taken.map(({ port, what }) => `${port} (${what})`).join(' and ');
  const command =
    process.platform === 'win32' ? settings.map((each) => `set "${each}"&&`).join(' ') : settings.join(' ');
  return `${noun} ${names} ${verb} taken: stop what uses ${object}, or start on free ports:\n\n  ${command} npx -y pnpm@12 ${script}`;
}

/** Returns the next free port that the command does not use already. */
async function nextFree(from, used) {
  for (let port = from; port <= 65_535; port++) {
    if (!used.some((setting) => setting.endsWith(`=${port}`)) && (await isFree(port))) return port;
  }
  return 0;
}

/** Returns true if a loopback port is free. Port 0 is always free. */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
