import { startMockServer, type MockNamespace } from '@identity-verify/mock-server';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Agent, fetch, type Headers, type Response } from 'undici';

/** The AppCode with which the sample calls the mock. */
const MOCK_APP_CODE = 'identity-verify-sample';

/** The sample and a mock, each on a free port. */
export interface RunningSample {
  readonly url: string;
  readonly pid: number;
  /** The output of the program, line by line. */
  readonly lines: readonly string[];
  /** The namespace of the sample in the mock. */
  readonly upstream: MockNamespace;
  /** Posts a body: a string unchanged, anything else as JSON. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<SampleReply>;
  get(path: string): Promise<SampleReply>;
  /** Stops both. @returns the exit code of the program, or the signal that ended it */
  close(): Promise<string>;
}

/** A reply, with its body read. */
export interface SampleReply {
  readonly status: number;
  readonly type: string | undefined;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is not JSON. */
  readonly body: Record<string, unknown> | undefined;
}

// Each request has a connection of its own: on a busy machine, the sample closes an idle one just as it is used again.
const dispatcher = new Agent({ pipelining: 0 });

const PROGRAM = join(import.meta.dirname, '..', '..', 'apps', 'sample', 'dist', 'main.js');

/**
 * Starts both: the mock in this process, the sample as a program, as users start it. (It cannot run in this process:
 * the throttler is CommonJS and requires Nest, an ES module, which Jest supports from Node 24.9.)
 *
 * @param environment settings of the sample beside those that join the two
 * @param folder where the sample starts. @default that of the tests
 */
export async function startSample(environment: Record<string, string> = {}, folder?: string): Promise<RunningSample> {
  const mock = await startMockServer({ port: 0, journalSize: 10_000 });
  const settings = {
    SAMPLE_PORT: '0',
    SAMPLE_REQUESTS_PER_MINUTE: '100000',
    IDENTITY_VERIFY_BASE_URL: mock.url,
    ...(!environment['REDIS_URL'] && { IDENTITY_VERIFY_LEDGER: ':memory:' }),
    ...environment,
  };
  const { url, lines, pid, stop } = await startProgram(settings, folder).catch(async (error: unknown) => {
    await mock.close(); // a test may expect the sample to fail to start
    throw error;
  });
  return {
    url,
    pid,
    lines,
    upstream: mock.namespace(MOCK_APP_CODE),
    post: async (path, body, headers = {}) =>
      read(
        await fetch(url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: typeof body === 'string' ? body : JSON.stringify(body),
          dispatcher,
        }),
      ),
    get: async (path) => read(await fetch(url + path, { dispatcher })),
    async close() {
      const exit = await stop();
      await mock.close();
      return exit;
    },
  };
}

/** Starts the program and waits for the line with its address. */
function startProgram(
  environment: Record<string, string>,
  folder: string | undefined,
): Promise<{
  readonly url: string;
  readonly pid: number;
  readonly lines: readonly string[];
  readonly stop: () => Promise<string>;
}> {
  const child = spawn(process.execPath, [PROGRAM], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? String(code)));
  });
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    const onLine = (line: string) => {
      lines.push(line);
      const url = /listens on (\S+)$/.exec(line)?.[1];
      if (url === undefined) return;
      const stop = () => {
        child.kill('SIGTERM');
        return ended;
      };
      resolve({ url, pid: child.pid ?? 0, lines, stop });
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLine);
    void ended.then((exit) => reject(new Error(`The sample ended with ${exit}:\n${lines.join('\n')}`)));
  });
}

async function read(reply: Response): Promise<SampleReply> {
  const text = await reply.text();
  const { status, headers } = reply;
  const type = headers.get('content-type')?.split(';', 1)[0];
  return { status, headers, type, text, body: type?.endsWith('json') ? JSON.parse(text) : undefined };
}
