import type { LuaScript } from '../scripts/lua.script.js';
import { bySha, type AcknowledgedReply, type ReplicaWait, type ScriptRunner } from './script.runner.js';

type Reply = readonly [error: Error | null, reply: unknown];

interface IoredisPipeline {
  evalsha(sha: string, numberOfKeys: number, ...args: string[]): IoredisPipeline;
  eval(source: string, numberOfKeys: number, ...args: string[]): IoredisPipeline;
  wait(replicas: number, timeoutMs: number): IoredisPipeline;
  exec(): Promise<readonly Reply[] | null>;
}

/** The part of a client of ioredis or iovalkey, single or cluster, that is used. */
export interface IoredisLike {
  evalsha(sha: string, numberOfKeys: number, ...args: string[]): Promise<unknown>;
  eval(source: string, numberOfKeys: number, ...args: string[]): Promise<unknown>;
  pipeline(): object;
}

/** ioredis and iovalkey, which share one interface: `Redis` and `Cluster`. */
export class IoredisAdapter implements ScriptRunner {
  readonly #client: IoredisLike;

  constructor(client: IoredisLike) {
    this.#client = client;
  }

  static accepts(client: object): client is IoredisLike {
    return ['evalsha', 'eval', 'pipeline'].every((name) => typeof Reflect.get(client, name) === 'function');
  }

  run({ sha, source }: LuaScript, key: string, args: readonly string[]): Promise<unknown> {
    const client = this.#client;
    return bySha(
      () => client.evalsha(sha, 1, key, ...args),
      () => client.eval(source, 1, key, ...args),
    );
  }

  runAndWait(
    { sha, source }: LuaScript,
    key: string,
    args: readonly string[],
    { replicas, timeoutMs }: ReplicaWait,
  ): Promise<AcknowledgedReply> {
    const open = () => this.#client.pipeline() as IoredisPipeline;
    return bySha(
      async () =>
        acknowledgedReply(
          await open()
            .evalsha(sha, 1, key, ...args)
            .wait(replicas, timeoutMs)
            .exec(),
        ),
      async () =>
        acknowledgedReply(
          await open()
            .eval(source, 1, key, ...args)
            .wait(replicas, timeoutMs)
            .exec(),
        ),
    );
  }
}

function acknowledgedReply(replies: readonly Reply[] | null): AcknowledgedReply {
  for (const [error] of replies ?? []) if (error) throw error;
  return { reply: replies?.[0]?.[1], acknowledged: Number(replies?.[1]?.[1] ?? 0) };
}
