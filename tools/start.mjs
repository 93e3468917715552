import { readCommandLine } from './lib/command-line.mjs';
import { takePorts } from './lib/ports.mjs';
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
  const upstream = live ? undefined : await services.start('mock', [PROGRAMS.mock, '--port', mockPort]);
  const sample = await services.start('sample', [PROGRAMS.sample], {
    SAMPLE_PORT: samplePort,
    ...(upstream !== undefined && { IDENTITY_VERIFY_BASE_URL: upstream, IDENTITY_VERIFY_UPSTREAM: 'mock' }),
  });
  // A synthetic person of the test population: born 1900-01-01, mobile in the unallocated 160 block.
  const body = '{"name":"测试甲","idCard":"110101190001010014","mobile":"16000020001"}';
  const curl = `curl -i ${sample}/verifications -H 'Content-Type: application/json' -d '${body}'`;
  console.log(
    [
      '',
      `  sample         ${sample}`,
      live ? '  upstream       the vendor: EVERY CALL COSTS MONEY' : `  mock upstream  ${upstream}`,
      '',
      ...(live ? [] : ['  Ask a question:', '', `  ${curl}`, '']),
      '  Ctrl-C stops everything.',
      '',
    ].join('\n'),
  );
}
