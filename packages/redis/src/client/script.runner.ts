import type { LuaScript } from '../scripts/lua.script.js';

/** What the ledger needs of a client: scripts, by name where the server knows them. One adapter for each kind of client. */
export interface ScriptRunner {
  /** Runs a script: one round trip, and one more where the server does not know it yet. */
  run(script: LuaScript, key: string, args: readonly string[]): Promise<unknown>;
  /**
   * Runs a script and then, on the same connection and in the same round trip, waits until so many replicas have
   * acknowledged every write of that connection, or the time is over.
   */
  runAndWait(script: LuaScript, key: string, args: readonly string[], wait: ReplicaWait): Promise<AcknowledgedReply>;
}

export interface ReplicaWait {
  readonly replicas: number;
  readonly timeoutMs: number;
}

export interface AcknowledgedReply {
  readonly reply: unknown;
  /** Replicas that have acknowledged. */
  readonly acknowledged: number;
}

/**
 * Calls a script by its name, and by its text where the server does not know it: after a restart, `SCRIPT FLUSH` or a
 * failover. EVAL runs and loads it on the very node that has the key.
 */
export function bySha<T>(evalsha: () => Promise<T>, evaluate: () => Promise<T>): Promise<T> {
  return evalsha().catch((error: unknown) => {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return evaluate();
  });
}
