import { untilReady } from './client/client.readiness.js';
import type { AcknowledgedReply, ReplicaWait, ScriptRunner } from './client/script.runner.js';
import { openUrl, type OpenedClient } from './client/url.client.js';
import { redisLedgerError, RedisLedgerError } from './redis-ledger.error.js';
import { runnerOf, type RedisLedgerOptions } from './redis.options.js';
import type { LuaScript } from './scripts/lua.script.js';

const DEFAULT_TIMEOUT_MS = 50;
/** Longest that the start of an application waits for the application's client. */
const READY_MS = 1_000;

/**
 * The client of a ledger, the application's or its own, and the calls that were granted through it: a connection must
 * not close before they have been settled.
 */
export class LedgerConnection {
  /** The client that was handed in, or the one that has been opened. */
  #open: ScriptRunner | undefined;
  /** The client that was handed in. */
  readonly #given: object | undefined;
  readonly #connect: () => Promise<OpenedClient>;
  #opening: Promise<OpenedClient> | undefined;
  #closing: Promise<void> | undefined;
  /** End of the lease of each grant, by its owner, in milliseconds. */
  readonly #grants = new Map<string, number>();
  #onLastGrant: (() => void) | undefined;

  constructor(options: RedisLedgerOptions) {
    this.#open = 'url' in options ? undefined : runnerOf(options.client);
    this.#given = 'url' in options ? undefined : options.client;
    this.#connect = () =>
      'url' in options
        ? openUrl(options.url, options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
        : Promise.reject(new RedisLedgerError('There is nothing to open.'));
  }

  /**
   * Connects, or waits up to a second for a client that was handed in and is connecting.
   *
   * @throws {Error} when no client library is installed
   */
  async open(): Promise<void> {
    if (this.#given) await untilReady(this.#given, READY_MS);
    else await this.#runner();
  }

  async run(script: LuaScript, key: string, args: readonly string[]): Promise<unknown> {
    try {
      return await (this.#open ?? (await this.#runner())).run(script, key, args);
    } catch (error) {
      throw redisLedgerError(error);
    }
  }

  async runAndWait(
    script: LuaScript,
    key: string,
    args: readonly string[],
    wait: ReplicaWait,
  ): Promise<AcknowledgedReply> {
    try {
      return await (this.#open ?? (await this.#runner())).runAndWait(script, key, args, wait);
    } catch (error) {
      throw redisLedgerError(error);
    }
  }

  /** A call may be granted from now on. @throws {RedisLedgerError} after {@link close} */
  begin(owner: string, leaseMs: number): void {
    if (this.#closing) throw new RedisLedgerError('The ledger is closed.');
    this.#grants.set(owner, performance.now() + leaseMs);
  }

  /** The call was not granted, or its owner has settled it. */
  end(owner: string): void {
    this.#grants.delete(owner);
    if (this.#grants.size === 0) this.#onLastGrant?.();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#grants.size > 0) {
      const longestMs = Math.max(...this.#grants.values()) - performance.now();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(0, longestMs));
        this.#onLastGrant = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const opened = await this.#opening?.catch(() => undefined);
    await opened?.close();
  }

  async #runner(): Promise<ScriptRunner> {
    this.#open = (await (this.#opening ??= this.#connect())).runner;
    return this.#open;
  }
}
