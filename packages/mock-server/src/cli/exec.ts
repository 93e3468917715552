import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMIN_TOKEN_ENV } from '../remote/remote-namespace.js';
import type { MockServer } from '../server/mock-server.js';
import { whenLauncherIsGone } from './launcher.watch.js';
import { startFromSettings } from './start-from-settings.js';
import type { Settings } from './settings.table.js';
import { windowsCommandLine } from './windows-command-line.js';

/** The AppCode of the command, unless a list of AppCodes is configured. */
const EXEC_APP_CODE = 'identity-verify-mock-exec';

/** The signals that ask a process to end. */
const FORWARDED = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const satisfies readonly NodeJS.Signals[];

/** The exit code of a shell for an unknown command. */
const NO_SUCH_COMMAND = 127;

/**
 * Starts a mock on a free port, runs a command with the address in its environment, and stops the mock.
 *
 * @returns the exit code of the command, or 128 + n if signal n ended it
 */
export async function execWithMock(settings: Settings, command: string, args: readonly string[]): Promise<number> {
  const mock = await startFromSettings({ port: 0, ...settings });
  const certificate = await saveCertificate(mock);
  try {
    return await run(command, args, {
      IDENTITY_VERIFY_BASE_URL: mock.url,
      IDENTITY_VERIFY_APP_CODE: settings.appCodes?.[0] ?? EXEC_APP_CODE,
      ...(certificate && { NODE_EXTRA_CA_CERTS: certificate.path }),
      // `remoteNamespaceFromEnvironment` reads the token from here: the command does not see the flags.
      ...(settings.adminToken !== undefined && { [ADMIN_TOKEN_ENV]: settings.adminToken }),
    });
  } finally {
    await mock.close();
    await certificate?.remove();
  }
}

function run(command: string, args: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    const child =
      process.platform === 'win32' ? spawnByCmd(command, args, env) : spawn(command, args, { stdio: 'inherit', env });
    // A terminal sends Ctrl-C to the child as well. A signal sent to this process only must be forwarded.
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

/** On Windows, npm and similar tools are scripts, which need the shell. */
function spawnByCmd(command: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const line = `"${windowsCommandLine(command, args)}"`;
  // Node would quote the line once more.
  const options = { stdio: 'inherit', env, windowsVerbatimArguments: true } as const;
  return spawn(process.env['ComSpec'] ?? 'cmd.exe', ['/d', '/s', '/v:off', '/c', line], options);
}

/** Writes the self-signed certificate to a file, so that a Node command can trust it. */
async function saveCertificate({
  certificate,
}: MockServer): Promise<{ path: string; remove: () => Promise<void> } | undefined> {
  if (certificate === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'identity-verify-mock-'));
  const path = join(folder, 'certificate.pem');
  await writeFile(path, certificate);
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
