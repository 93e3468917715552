import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSettings, settingsFromEnvironment } from './settings.reader.js';
import { SETTINGS } from './settings.table.js';

async function file(content: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'settings-')), 'mock.json');
  await writeFile(path, content);
  return path;
}

describe('settings', () => {
  it('prefer flags to the environment, and the environment to the file', async () => {
    const path = await file('{ "port": 1, "seed": "file", "journalSize": 5 }');
    const settings = await readSettings({ port: 3 }, path, {
      IDV_MOCK_PORT: '2',
      IDV_MOCK_SEED: 'environment',
      PATH: 'x',
    });
    expect(settings).toEqual({ port: 3, seed: 'environment', journalSize: 5 });
  });

  it('can name the file in a variable', async () => {
    const path = await file('{ "strictWire": true }');
    expect(await readSettings({}, undefined, { IDV_MOCK_CONFIG: path })).toEqual({ strictWire: true });
  });

  it('parse every type of value', () => {
    const environment = {
      IDV_MOCK_APP_CODES: 'a, b',
      IDV_MOCK_APPS: 'k:s:t,l:u',
      IDV_MOCK_STRICT_WIRE: '1',
      IDV_MOCK_LOG: 'false',
      IDV_MOCK_SUCCESS_HEADER: 'fine',
    };
    expect(settingsFromEnvironment(environment)).toEqual({
      appCodes: ['a', 'b'],
      apps: [
        { appKey: 'k', appSecret: 's:t' },
        { appKey: 'l', appSecret: 'u' },
      ],
      strictWire: true,
      log: false,
      successHeader: 'fine',
    });
    for (const [text, value] of [
      ['1', true],
      ['true', true],
      ['0', false],
      ['false', false],
    ] as const)
      expect(settingsFromEnvironment({ IDV_MOCK_SUCCESS_HEADER: text })).toEqual({ successHeader: value });
  });

  it.each([
    [{ IDV_MOCK_PROT: '1' }, /IDV_MOCK_PROT.*Did you mean IDV_MOCK_PORT/],
    [{ IDV_MOCK_PORT: 'x' }, /IDV_MOCK_PORT must be a whole number/],
    [{ IDV_MOCK_TLS: 'yes' }, /IDV_MOCK_TLS must be true or false/],
    [{ IDV_MOCK_APPS: 'onlykey' }, /IDV_MOCK_APPS must be a list of apps/],
  ])('reject the environment %j', (environment, message) => {
    expect(() => settingsFromEnvironment(environment)).toThrow(message);
  });

  it('ignore the variables that Kubernetes sets for a Service, and report it once', () => {
    const injected = {
      IDV_MOCK_SERVICE_HOST: '10.0.0.1',
      IDV_MOCK_SERVICE_PORT: '8080',
      IDV_MOCK_SERVICE_PORT_HTTP: '8080',
      IDV_MOCK_PORT: 'tcp://10.0.0.1:8080',
      IDV_MOCK_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
      IDV_MOCK_PORT_8080_TCP_PROTO: 'tcp',
      IDV_MOCK_PORT_8080_TCP_PORT: '8080',
      IDV_MOCK_PORT_8080_TCP_ADDR: '10.0.0.1',
      IDV_MOCK_PORT_53_UDP: 'udp://10.0.0.1:53',
      IDV_MOCK_ADMIN_SERVICE_HOST: '10.0.0.2',
      IDV_MOCK_ADMIN_PORT: 'tcp://10.0.0.2:80',
      IDV_MOCK_ADMIN_PORT_80_TCP_ADDR: '10.0.0.2',
      IDV_MOCK_NAME: '/app/idv-mock',
      IDV_MOCK_ENV_NODE_VERSION: '20',
    };
    const said: (readonly string[])[] = [];
    const settings = settingsFromEnvironment({ ...injected, IDV_MOCK_SEED: 's' }, (names) => said.push(names));
    expect(settings).toEqual({ seed: 's' });
    expect(said).toEqual([Object.keys(injected)]);
  });

  it.each([
    'IDV_MOCK_SERVICE',
    'IDV_MOCK_PORTS',
    'IDV_MOCK_PORT_',
    'IDV_MOCK_PORT_TCP',
    'IDV_MOCK_PORT_8080',
    'IDV_MOCK_HOSTS',
  ])('reject the variable %s, which no platform sets', (name) => {
    expect(() => settingsFromEnvironment({ [name]: '1' })).toThrow(/There is no setting/);
  });

  it('can come from a file with a byte order mark, as on Windows', async () => {
    expect(await readSettings({}, await file('\uFEFF{ "port": 1 }'), {})).toEqual({ port: 1 });
  });

  it.each([
    ['{ "prot": 1 }', /no setting prot.*Did you mean port/],
    ['{ "port": "1" }', /port in .* must be a whole number/],
    ['{ "successHeader": 1 }', /successHeader in .* must be true, false or text/],
    ['[]', /must be a JSON object/],
    ['{', /is not JSON/],
  ])('reject the file %s', async (content, message) => {
    await expect(readSettings({}, await file(content), {})).rejects.toThrow(message);
  });

  it('report a missing file', async () => {
    await expect(readSettings({}, '/nowhere/mock.json', {})).rejects.toThrow(/cannot be read/);
  });

  it('have flags and variables with matching, unique names', () => {
    for (const pick of ['name', 'flag', 'env'] as const)
      expect(new Set(SETTINGS.map((row) => row[pick])).size).toBe(SETTINGS.length);
    for (const { flag, env } of SETTINGS) {
      const fromFlag = flag.replace('--', '').replace('no-', '').replaceAll('-', '_').toUpperCase();
      expect(env.replace(/S$/, '')).toBe(`IDV_MOCK_${fromFlag}`.replace(/S$/, ''));
    }
  });
});
