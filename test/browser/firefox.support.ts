import { describe } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';

const FIREFOX = process.env['FIREFOX_PATH'] ?? '/usr/bin/firefox-esr';

const available = existsSync(FIREFOX);
if (!available && !process.env['CI']) {
  process.stderr.write(
    `Tests in Firefox are skipped: there is no ${FIREFOX}. Get it with "apt-get install firefox-esr", or set FIREFOX_PATH.\n`,
  );
}

/** `describe` with Firefox; skipped without it, except in CI, which requires it. */
export const describeInFirefox: (name: string, block: () => void) => void =
  available || process.env['CI'] ? describe : describe.skip;

interface BidiMessage {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
  readonly params?: { readonly level?: string; readonly text?: string };
}

/**
 * Firefox, driven by WebDriver BiDi, the protocol of the W3C that Firefox speaks by itself. Two commands and one event are
 * all that a smoke test needs, so there is no client library: those of today need Node 22.
 */
export class Firefox {
  /** Errors and warnings of the console, and uncaught errors. */
  readonly problems: string[] = [];
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #lastId = 0;
  #context = '';

  private constructor(child: ChildProcess, profile: string, socket: WebSocket) {
    this.#child = child;
    this.#profile = profile;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#receive(JSON.parse(data.toString('utf8')) as BidiMessage));
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Firefox has ended.'));
    });
  }

  /** Starts Firefox with a new profile. */
  static async start(): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), 'identity-verify-firefox-'));
    const child = spawn(FIREFOX, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
    });
    try {
      const url = await addressOf(child);
      const socket = new WebSocket(`${url}/session`);
      await new Promise((resolve, reject) => {
        socket.once('open', resolve);
        socket.once('error', reject);
      });
      const firefox = new Firefox(child, profile, socket);
      await firefox.#send('session.new', { capabilities: {} });
      await firefox.#send('session.subscribe', { events: ['log.entryAdded'] });
      const { contexts } = await firefox.#send<{ contexts: { context: string }[] }>('browsingContext.getTree', {});
      firefox.#context = contexts[0]?.context ?? '';
      return firefox;
    } catch (error) {
      child.kill('SIGKILL');
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
      throw error;
    }
  }

  /** Opens an address and waits until it is loaded. */
  async open(url: string): Promise<void> {
    await this.#send('browsingContext.navigate', { context: this.#context, url, wait: 'complete' });
  }

  /** Evaluates an expression, and waits for it if it is a promise. @returns a string */
  async evaluate(expression: string): Promise<string> {
    const { result, exceptionDetails } = await this.#send<{
      result?: { value?: string };
      exceptionDetails?: { text: string };
    }>('script.evaluate', { expression, target: { context: this.#context }, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result?.value ?? '';
  }

  /** Waits until a selector matches. */
  async waitFor(selector: string): Promise<void> {
    await this.evaluate(`new Promise((resolve) => {
      const look = () => (document.querySelector(${JSON.stringify(selector)}) ? resolve('') : requestAnimationFrame(look));
      look();
    })`);
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => {
      this.#child.once('exit', resolve);
    });
    this.#socket.terminate();
    this.#child.kill('SIGKILL');
    await gone;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 3 });
  }

  #send<T>(method: string, params: object): Promise<T> {
    const id = ++this.#lastId;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: never) => void, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #receive({ id, method, result, error, message, params }: BidiMessage): void {
    if (method === 'log.entryAdded' && (params?.level === 'error' || params?.level === 'warn')) {
      this.problems.push(params.text ?? '');
    }
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    if (error === undefined) waiting.resolve(result as never);
    else waiting.reject(new Error(`${error}: ${message}`));
  }
}

/** The address on which Firefox listens, which it writes to its standard error. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let written = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      written += text;
      const url = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(written)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Firefox did not start: ${written}`)));
  });
}
