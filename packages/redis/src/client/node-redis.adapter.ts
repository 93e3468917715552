import type { LuaScript } from '../scripts/lua.script.js';
import { bySha, type AcknowledgedReply, type ReplicaWait, type ScriptRunner } from './script.runner.js';

/** The arguments of a script, as node-redis takes them. */
export interface ScriptArguments {
  keys: string[];
  arguments: string[];
}

interface NodeRedisPipeline {
  evalSha(sha: string, options: ScriptArguments): NodeRedisPipeline;
  eval(source: string, options: ScriptArguments): NodeRedisPipeline;
  wait(replicas: number, timeoutMs: number): NodeRedisPipeline;
  execAsPipeline(): Promise<readonly unknown[]>;
}

/** The part of a client of node-redis, single, pool, sentinel or cluster, that is used. */
export interface NodeRedisLike {
  evalSha(sha: string, options: ScriptArguments): Promise<unknown>;
  eval(source: string, options: ScriptArguments): Promise<unknown>;
  multi(): object;
}

/** node-redis: the package `redis`. */
export class NodeRedisAdapter implements ScriptRunner {
  readonly #client: NodeRedisLike;

  constructor(client: NodeRedisLike) {
    this.#client = client;
  }

  static accepts(client: object): client is NodeRedisLike {
    return ['evalSha', 'eval', 'multi'].every((name) => typeof Reflect.get(client, name) === 'function');
  }

  run({ sha, source }: LuaScript, key: string, args: readonly string[]): Promise<unknown> {
    const options = { keys: [key], arguments: [...args] };
    return bySha(
      () => this.#client.evalSha(sha, options),
      () => this.#client.eval(source, options),
    );
  }

  runAndWait(
    { sha, source }: LuaScript,
    key: string,
    args: readonly string[],
    { replicas, timeoutMs }: ReplicaWait,
  ): Promise<AcknowledgedReply> {
    const options = { keys: [key], arguments: [...args] };
    const open = () => this.#client.multi() as NodeRedisPipeline;
    return bySha(
      async () => acknowledgedReply(await open().evalSha(sha, options).wait(replicas, timeoutMs).execAsPipeline()),
      async () => acknowledgedReply(await open().eval(source, options).wait(replicas, timeoutMs).execAsPipeline()),
    );
  }
}

function acknowledgedReply([reply, acknowledged]: readonly unknown[]): AcknowledgedReply {
  for (const each of [reply, acknowledged]) if (each instanceof Error) throw each;
  return { reply, acknowledged: Number(acknowledged) };
}
