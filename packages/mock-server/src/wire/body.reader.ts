import type { IncomingMessage } from 'node:http';
import type { SharedAllowance } from '../support/shared.allowance.js';

/** Limits for reading a body. */
export interface BodyLimits {
  /** Maximum length to keep, in bytes. */
  readonly keepBytes: number;
  /** Maximum length to read, in bytes. */
  readonly limitBytes: number;
  /** Maximum memory for all bodies being read, in bytes. */
  readonly allowance: SharedAllowance;
}

/**
 * A body, or the reason why there is none: `dropped` exceeds the length to keep, `too_long` exceeds the maximum, and
 * `busy` means that the shared memory is used up.
 */
export type ReadBody =
  { readonly kind: 'whole'; readonly body: Buffer } | { readonly kind: 'dropped' | 'too_long' | 'busy' };

const NOTHING = Buffer.alloc(0);

/**
 * Reads a request body. Calls back once, or never if the client disconnects. node:http still reads a body that is not
 * kept, so that a reset does not destroy the reply.
 */
export function readBody(request: IncomingMessage, limits: BodyLimits, done: (read: ReadBody) => void): void {
  const { keepBytes, limitBytes, allowance } = limits;
  const declared = Number(request.headers['content-length'] ?? 0);
  // A disconnect emits an error. Without a listener it would end the process.
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
    // The memory stays reserved until the callback returns.
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

/** Appends a chunk to the used part of the buffer. A list would be slow for a body in chunks of one byte. */
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
