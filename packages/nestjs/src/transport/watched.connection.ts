import type { Duplex } from 'node:stream';
import { InterimReplies } from './interim.replies.js';

/**
 * One connection, and what arrives on it. It is closed as soon as a byte arrives that no question asked for: what follows
 * could be taken for the answer to the next question.
 */
export class WatchedConnection {
  /** When the connection was opened, in monotonic milliseconds. */
  readonly openedAt = performance.now();
  readonly #socket: Duplex;
  readonly #interim = new InterimReplies();
  #isAsking = false;
  #wasUsed = false;
  #idleSince = Infinity;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** Whether it has carried a request before. */
  get wasUsed(): boolean {
    return this.#wasUsed;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** Begins to watch. Called after undici has set its own listeners: otherwise this one would start the stream. */
  watch(): void {
    // Emitted for each chunk before undici parses it.
    this.#socket.on('data', (chunk: Uint8Array) => {
      if (this.#isAsking) this.#interim.read(chunk);
      else this.close();
    });
  }

  /** Called when a request is about to be written. */
  asked(): void {
    this.#isAsking = this.#wasUsed = true;
    this.#interim.restart();
  }

  /** Called when the reply is complete. Nothing may follow it. */
  answered(): void {
    this.#isAsking = false;
    this.#idleSince = performance.now();
  }

  /** Closes a connection that was idle for too long. undici uses a timer, which runs late in a busy event loop. */
  closeIfIdleFor(ms: number): void {
    if (!this.#isAsking && performance.now() - this.#idleSince >= ms) this.close();
  }

  /** Closes the connection, so that no other request uses it. */
  close(): void {
    this.#socket.destroy();
  }
}
