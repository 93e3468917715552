import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const jest = join(dirname(createRequire(join(root, 'package.json')).resolve('jest/package.json')), 'bin/jest.js');

/** One of two test files; each expects a namespace of its own. */
const TEST = `
const { remoteNamespaceFromEnvironment } = require('@identity-verify/mock-server');
const { IDENTITY_VERIFY_BASE_URL: url, IDENTITY_VERIFY_APP_CODE: appCode } = process.env;
const ask = () => fetch(url + '/communication/personal/1979', {
  method: 'POST',
  headers: { Authorization: 'APPCODE ' + appCode },
  body: new URLSearchParams({ name: '测试甲', idcard: '110101190001010014', mobile: '16000020001' }),
}).then((reply) => reply.json());

test('alone', async () => {
  const ns = remoteNamespaceFromEnvironment();
  await ns.reset();
  await ns.enqueue('code-10017', { scenario: 'mismatch', times: 2 });
  const codes = [];
  for (let i = 0; i < 20; i++) codes.push((await ask()).code);
  expect(codes[0]).toBe('10017');
  await ns.verify({ times: 20 });
  await ns.verify({ match: { scenario: 'mismatch' }, times: 2, inOrder: [{ code: '10017' }, { scenario: 'mismatch' }] });
  expect((await ns.cost()).billed).toBe(19);
  expect(await ns.journal()).toHaveLength(20);
  await expect(ns.verify({ times: 1 })).rejects.toThrow(/expected exactly 1/);
  await expect(ns.enqueue('mtch')).rejects.toThrow(/Did you mean "match"/);
  console.log('namespace', appCode);
});`;

it('the Jest preset gives every worker of a stock CommonJS Jest its own namespace', async () => {
  const app = await mkdtemp(join(tmpdir(), 'preset-'));
  await mkdir(join(app, 'node_modules/@identity-verify'), { recursive: true });
  await symlink(join(root, 'packages/mock-server'), join(app, 'node_modules/@identity-verify/mock-server'));
  // Twenty questions and their checks take longer than the five seconds of Jest's default on a busy machine.
  const config = { preset: '@identity-verify/mock-server', testTimeout: 60_000 };
  await writeFile(join(app, 'package.json'), JSON.stringify({ jest: config }));
  for (const name of ['a', 'b']) await writeFile(join(app, `${name}.test.js`), TEST);

  const child = spawn(process.execPath, [jest, '--maxWorkers=2', '--colors=false'], {
    cwd: app,
    env: { PATH: process.env['PATH'], CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(`${code}\n${output}`).toMatch(/^0\n/);
  expect(output).toMatch(/Tests:\s+2 passed/);
  expect(new Set(output.match(/jest-worker-\d/g)).size).toBe(2);
}, 120_000);
