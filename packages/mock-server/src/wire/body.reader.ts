import type { IncomingMessage } from 'node:http';
import type { SharedAllowance } from '../support/shared.allowance.js';

/** How much of a body is read and kept. */
export interface BodyLimits {
  /** The longest body that is kept, in bytes. */
  readonly keepBytes: number;
  /** The longest body that is read at all, in bytes. */
  readonly limitBytes: number;
  /** What all bodies that are being read may take together, in bytes. */
  readonly allowance: SharedAllowance;
}

/**
 * A body, or why there is none: `dropped` was longer than what is kept, `too_long` longer than the limit, and for `busy`
 * too many others were being read.
 */
export type ReadBody =
  { readonly kind: 'whole'; readonly body: Buffer } | { readonly kind: 'dropped' | 'too_long' | 'busy' };

const NOTHING = Buffer.alloc(0);

/**
 * Reads a request body. Calls back once; never when the client goes away, since then nobody waits for a reply. What is
 * not kept is still read, by node:http, so that the reply is not lost in a reset.
 */
export function readBody(request: IncomingMessage, limits: BodyLimits, done: (read: ReadBody) => void): void {
  const { keepBytes, limitBytes, allowance } = limits;
  const declared = Number(request.headers['content-length'] ?? 0);
  // A client that goes away raises an error here; without a listener it would end the process.
  request.on('error', () => undefined);
  if (declared > limitBytes) {
    done({ kind: 'too_long' });
    return;
  }
  let kept: Buffer | undefined = declared > keepBytes ? undefined : NOTHING;
  let length = 0;
  let taken = 0;
  let ended = false;
  const release = () => {
    ended = true;
    kept = undefined;
    allowance.give(taken);
    taken = 0;
  };
  const end = (read: ReadBody) => {
    // The bytes are in use until the callback returns.
    done(read);
    release();
  };
  request.on('data', (chunk: Buffer) => {
    if (ended) return;
    length += chunk.length;
    if (length > limitBytes) {
      end({ kind: 'too_long' });
    } else if (length > keepBytes || !kept) {
      kept = undefined;
      allowance.give(taken);
      taken = 0;
    } else if (allowance.take(chunk.length)) {
      taken += chunk.length;
      kept = append(kept, length - chunk.length, chunk);
    } else {
      end({ kind: 'busy' });
    }
  });
  request.on('end', () => {
    if (!ended) end(kept ? { kind: 'whole', body: kept.subarray(0, length) } : { kind: 'dropped' });
  });
  request.on('close', () => {
    if (!ended) release();
  });
}

/** Puts a chunk behind the bytes that are used. One buffer, not a list: a body may come in chunks of one byte. */
function append(store: Buffer, used: number, chunk: Buffer): Buffer {
  if (used === 0) return chunk;
  const needed = used + chunk.length;
  let target = store;
  if (needed > store.length) {
    target = Buffer.allocUnsafe(Math.max(needed, 2 * store.length));
    store.copy(target, 0, 0, used);
  }
  chunk.copy(target, used);
  return target;
}
