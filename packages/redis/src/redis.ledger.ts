import {
  type ClaimAnswer,
  type ClaimRequest,
  type Clock,
  type ForgetRequest,
  type Grant,
  type LatchState,
  LedgerHolders,
  type LedgerSpent,
  type Settlement,
  type SharedLedger,
} from '@identity-verify/nestjs';
import type { ReplicaWait } from './client/script.runner.js';
import { LedgerConnection } from './ledger.connection.js';
import { checkOptions, type RedisLedgerOptions } from './redis.options.js';
import { RedisLedgerError } from './redis-ledger.error.js';
import { list, readClaim, readLatch, text, whole, writeAnswer } from './reply.reader.js';
import { CLAIM, claimArguments } from './scripts/claim.script.js';
import type { LuaScript } from './scripts/lua.script.js';
import { FORGET, LATCH, REGISTER, REGISTERED, REOPEN, SCOPES, SPENT } from './scripts/scope.scripts.js';
import { RELEASE, SETTLE, settleArguments } from './scripts/settle.script.js';

/**
 * The ledger for several processes, on Redis or Valkey. Each method is one script and one round trip; the first grant
 * of a scope on a day takes two more, to list the scope. Lifetimes go by the server's time.
 *
 * Every method rejects with a {@link RedisLedgerError} when the server refuses, cannot be reached, or is late; the module
 * makes IDV_LEDGER_UNAVAILABLE of it.
 */
export class RedisLedger implements SharedLedger {
  readonly shared = true;
  readonly #prefix: string;
  readonly #clock: Pick<Clock, 'now'> | undefined;
  readonly #wait: ReplicaWait | undefined;
  readonly #connection: LedgerConnection;
  readonly #holders = new LedgerHolders(() => this.close());
  /** Most applications have one scope: its key is made once. */
  #lastScope: string | undefined;
  #lastAccountKey = '';
  /** Registrations of scopes under way, so that a burst of first claims makes one. */
  readonly #registering = new Map<string, Promise<void>>();

  get kind(): 'redis' {
    return 'redis';
  }

  /** @throws {TypeError} when an option is not as documented, or the client is of no known kind */
  constructor(options: RedisLedgerOptions) {
    checkOptions(options);
    const { prefix = 'idv:', clock, minReplicas = 0, replicaTimeoutMs = 25 } = options;
    this.#prefix = prefix;
    this.#clock = clock;
    this.#wait = minReplicas > 0 ? { replicas: minReplicas, timeoutMs: replicaTimeoutMs } : undefined;
    this.#connection = new LedgerConnection(options);
  }

  async claim(request: ClaimRequest): Promise<ClaimAnswer> {
    this.#connection.begin(request.owner, request.leaseMs);
    let isGranted = false;
    try {
      const [args, wait] = [claimArguments(request, this.#now()), this.#wait];
      const { reply, acknowledged } = wait
        ? await this.#connection.runAndWait(CLAIM, this.#accountKey(request.scope), args, wait)
        : { reply: await this.#run(CLAIM, request.scope, args), acknowledged: 0 };
      const { answer, isRegistered } = readClaim(reply);
      isGranted = answer.verdict === 'granted';
      if (!isGranted) return answer;
      if (wait && acknowledged < wait.replicas) return await this.#takeBack(request);
      if (!isRegistered) await this.#register(request.scope);
      return answer;
    } finally {
      if (!isGranted) this.#connection.end(request.owner);
    }
  }

  async settle(settlement: Settlement): Promise<boolean> {
    const { scope, owner, result } = settlement;
    try {
      const answer = result.kind === 'answered' ? writeAnswer(result.answer) : '';
      const args = [...settleArguments(settlement, this.#now()), answer];
      return whole(await this.#run(SETTLE, scope, args)) === 1;
    } finally {
      this.#connection.end(owner);
    }
  }

  async release({ scope, key, owner }: Grant): Promise<boolean> {
    try {
      return whole(await this.#run(RELEASE, scope, [this.#now(), owner, key])) === 1;
    } finally {
      this.#connection.end(owner);
    }
  }

  async forget({ scope, keys, idKeys, mobileKeys }: ForgetRequest): Promise<number> {
    return whole(await this.#run(FORGET, scope, [this.#now(), JSON.stringify({ keys, idKeys, mobileKeys })]));
  }

  async spent(scope: string): Promise<LedgerSpent> {
    const [callsToday, callsThisMonth] = list(await this.#run(SPENT, scope));
    return { callsToday: whole(callsToday), callsThisMonth: whole(callsThisMonth) };
  }

  async latch(scope: string): Promise<LatchState | undefined> {
    return readLatch(await this.#run(LATCH, scope));
  }

  async reopen(scope: string): Promise<boolean> {
    return whole(await this.#run(REOPEN, scope)) === 1;
  }

  async scopes(): Promise<readonly string[]> {
    return list(await this.#connection.run(SCOPES, this.#scopesKey, [this.#now()])).map(text);
  }

  /**
   * Opens the connection of a ledger that was made with `url`, and waits up to a second for a client that was handed in and
   * is connecting, so that the first question finds a connection. Nest calls it when the application starts; a server that
   * cannot be reached does not stop the start, and is connected to as soon as it answers.
   *
   * @throws {Error} when no client library is installed
   */
  async onModuleInit(): Promise<void> {
    await this.#connection.open();
  }

  /**
   * Refuses further claims, waits until the calls under way have been settled (no longer than their leases), and closes
   * the connection if this ledger opened it. A client that was handed in stays open.
   */
  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** Keeps the connection open until the returned function is called. Each instance of the module holds its ledger. */
  hold(): () => Promise<void> {
    return this.#holders.hold();
  }

  /**
   * Nest calls it when the application stops: {@link close}, after the last instance that uses the ledger has drained. It
   * does not wait for instances that Nest has yet to stop.
   */
  async onApplicationShutdown(): Promise<void> {
    await this.#holders.end();
  }

  /** A claim that too few replicas know of would be lost with the server, and paid for twice. */
  async #takeBack(request: ClaimRequest): Promise<never> {
    const { scope, keys, owner } = request;
    await this.release({ scope, key: keys[0] ?? '', owner }).catch(() => undefined);
    throw new RedisLedgerError('Fewer replicas than `minReplicas` have acknowledged the claim in time.');
  }

  /** Lists the scope, so that `forget` finds it. The list has a slot of its own: no script can do both in a cluster. */
  #register(scope: string): Promise<void> {
    const underWay = this.#registering.get(scope);
    if (underWay) return underWay;
    const registering = (async () => {
      await this.#connection.run(REGISTER, this.#scopesKey, [this.#now(), scope]);
      await this.#run(REGISTERED, scope);
    })().finally(() => this.#registering.delete(scope));
    this.#registering.set(scope, registering);
    return registering;
  }

  #run(script: LuaScript, scope: string, args: readonly string[] = [this.#now()]): Promise<unknown> {
    return this.#connection.run(script, this.#accountKey(scope), args);
  }

  /** The server's own time, unless a test has another. */
  #now(): string {
    return this.#clock ? String(this.#clock.now()) : '';
  }

  /** Braces in a scope would move the hash tag, and with it some keys to another slot. */
  #accountKey(scope: string): string {
    if (scope !== this.#lastScope) {
      this.#lastScope = scope;
      this.#lastAccountKey = `${this.#prefix}{${encodeURIComponent(scope).replaceAll('%2F', '/')}}`;
    }
    return this.#lastAccountKey;
  }

  get #scopesKey(): string {
    return `${this.#prefix}scopes`;
  }
}
