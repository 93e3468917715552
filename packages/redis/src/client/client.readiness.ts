/** The part of a client that tells whether it is connected: of ioredis and iovalkey `status`, of node-redis the others. */
interface Connecting {
  readonly status?: unknown;
  readonly isOpen?: unknown;
  readonly isReady?: unknown;
  once?(event: 'ready', listener: () => void): unknown;
  removeListener?(event: 'ready', listener: () => void): unknown;
}

/** States of ioredis in which it connects by itself. A lazy client (`wait`) does not. */
const CONNECTING: ReadonlySet<unknown> = new Set(['connecting', 'connect', 'reconnecting']);

/**
 * Waits until a client that is connecting can take commands, for at most `timeoutMs`. Never fails: a client that cannot
 * connect refuses its commands itself. Does not wait for a client that nobody has told to connect.
 */
export async function untilReady(client: object, timeoutMs: number): Promise<void> {
  const connecting: Connecting = client;
  const isConnecting =
    CONNECTING.has(connecting.status) || (connecting.isOpen === true && connecting.isReady === false);
  if (!isConnecting || typeof connecting.once !== 'function') return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      connecting.removeListener?.('ready', done);
      resolve();
    };
    const timer = setTimeout(done, timeoutMs);
    connecting.once?.('ready', done);
  });
}
