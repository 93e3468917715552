import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMIN_TOKEN_ENV } from '../remote/remote-namespace.js';
import type { MockServer } from '../server/mock-server.js';
import { whenLauncherIsGone } from './launcher.watch.js';
import { startFromSettings } from './start-from-settings.js';
import type { Settings } from './settings.table.js';

/** The AppCode of a command's namespace, unless a list of AppCodes is given. */
const EXEC_APP_CODE = 'identity-verify-mock-exec';

/** The signals that ask a process to end. */
const FORWARDED = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const satisfies readonly NodeJS.Signals[];

/** What a shell answers when there is no such command. */
const NO_SUCH_COMMAND = 127;

/**
 * Starts a mock on a free port, runs a command that finds it in its environment, stops the mock.
 *
 * @returns the exit code of the command; 128 + n when signal n ended it, like a shell
 */
export async function execWithMock(settings: Settings, command: string, args: readonly string[]): Promise<number> {
  const mock = await startFromSettings({ port: 0, ...settings });
  const certificate = await saveCertificate(mock);
  try {
    return await run(command, args, {
      IDENTITY_VERIFY_BASE_URL: mock.url,
      IDENTITY_VERIFY_APP_CODE: settings.appCodes?.[0] ?? EXEC_APP_CODE,
      ...(certificate && { NODE_EXTRA_CA_CERTS: certificate.path }),
      // For `remoteNamespaceFromEnvironment`: a flag would not reach the command.
      ...(settings.adminToken !== undefined && { [ADMIN_TOKEN_ENV]: settings.adminToken }),
    });
  } finally {
    await mock.close();
    await certificate?.remove();
  }
}

function run(command: string, args: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: { ...process.env, ...environment },
      // npm and its like are scripts there, which only a shell can run.
      shell: process.platform === 'win32',
    });
    // A terminal sends Ctrl-C to the child as well; whoever sends a signal to this process alone means the child.
    const forward = (signal: NodeJS.Signals) => void child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, forward);
    const stopWatching = whenLauncherIsGone(() => forward('SIGTERM'));
    const done = (code: number) => {
      for (const signal of FORWARDED) process.off(signal, forward);
      stopWatching();
      resolve(code);
    };
    child.on('error', () => {
      console.error(`identity-verify-mock: ${command} cannot be run.`);
      done(NO_SUCH_COMMAND);
    });
    child.on('exit', (code, signal) => done(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/** A certificate made for this run is trusted by the command, if it is run by Node. */
async function saveCertificate({
  certificate,
}: MockServer): Promise<{ path: string; remove: () => Promise<void> } | undefined> {
  if (certificate === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'identity-verify-mock-'));
  const path = join(folder, 'certificate.pem');
  await writeFile(path, certificate);
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
