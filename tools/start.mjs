import { readCommandLine } from './lib/command-line.mjs';
import { takePorts } from './lib/ports.mjs';
import { withProgress } from './lib/progress.mjs';
import { Services } from './lib/services.mjs';
import { build, PROGRAMS } from './lib/workspace.mjs';

readCommandLine(`
pnpm start: builds and starts the mock upstream and the sample application; Ctrl-C stops both.

  SAMPLE_PORT=3000   port of the sample; 0 takes a free one
  MOCK_PORT=1979     port of the mock; 0 takes a free one

With IDENTITY_VERIFY_APP_CODE the sample asks the vendor, each call costs money, and no mock is started; unless
IDENTITY_VERIFY_UPSTREAM is mock.
Every other setting of the sample is in apps/sample/README.md.
`);

// Same rule as in the sample: the settings decide, not the address of the upstream.
const { IDENTITY_VERIFY_UPSTREAM: upstreamSetting = '', IDENTITY_VERIFY_APP_CODE: appCode = '' } = process.env;
const live = (upstreamSetting.trim() || (appCode.trim() ? 'real' : 'mock')) !== 'mock';
const { samplePort, mockPort } = await takePorts('start', { mock: !live });

try {
  await build('packages/mock-server', 'apps/sample');
  const services = new Services();
  await startAll(services).catch((error) => {
    console.error(error.message);
    services.stop(1);
  });
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

async function startAll(services) {
  const upstream = live
    ? undefined
    : await withProgress('starting the mock', () =>
        services.start('mock', [PROGRAMS.mock, '--port', mockPort, ...linkTo(samplePort)]),
      );
  const environment = {
    SAMPLE_PORT: samplePort,
    // The sample writes to a pipe, and this process knows who reads it.
    SAMPLE_LOG_FORMAT: process.env['SAMPLE_LOG_FORMAT'] || (process.stdout.isTTY ? 'pretty' : 'json'),
    ...(upstream !== undefined && { IDENTITY_VERIFY_BASE_URL: upstream, IDENTITY_VERIFY_UPSTREAM: 'mock' }),
  };
  const sample = await withProgress('starting the sample', () =>
    services.start('sample', [PROGRAMS.sample], environment),
  );
  // A synthetic person of the test population: born 1900-01-01, mobile in the unallocated 160 block.
  const body = '{"name":"测试甲","idCard":"110101190001010014","mobile":"16000020001"}';
  const curl = [
    `  curl -i ${sample}/verifications \\`,
    `    -H 'Content-Type: application/json' \\`,
    `    -d '${body}'`,
  ];
  services.announce(
    [
      '',
      `  sample         ${sample}`,
      live ? '  upstream       the vendor: EVERY CALL COSTS MONEY' : `  mock upstream  ${upstream}`,
      '',
      ...(live ? [] : ['  Open it in a browser, or ask here:', '', ...curl, '']),
      '  Questions are logged below. Ctrl-C stops everything.',
      '',
    ].join('\n'),
  );
}

/** The setting with which the page of the mock links to the sample. A port that is yet to be chosen cannot be linked to. */
function linkTo(port) {
  return Number(port) === 0 ? [] : ['--application-url', `http://127.0.0.1:${port}/`];
}
