import type { Dispatcher } from 'undici';
import { WireFailure, type WirePhase, type WireReply } from '../upstream/transport.port.js';
import type { StopSignal } from '../upstream/stop.js';
import type { Lane } from './connection.lane.js';
import { exchangeFailure } from './exchange.failure.js';
import { asNodeGives } from './reply.headers.js';
import type { WatchedConnection } from './watched.connection.js';

const MAX_INFORMATIONAL_REPLIES = 8;
const SWITCHING_PROTOCOLS = 101;
/** Replies without a body, although their head may announce the length of one. */
const BODILESS = new Set([204, 304]);
/** Longest time between a turn of the event loop and a write to a kept connection, in milliseconds. */
const MAX_UNREAD_MS = 2;
const MAX_POSTPONED = 3;

// Captured when this module loads, so that fake timers of a test cannot block a request.
const nextCheck = setImmediate;

/** The controller of undici, of which nothing else is needed. */
type Controller = Pick<Dispatcher.DispatchController, 'abort'>;

/** The options of a request, with the exchange that it belongs to. */
export interface ExchangeOptions extends Dispatcher.DispatchOptions {
  readonly exchange: Exchange;
}

/**
 * One request and its reply, as undici reports them.
 *
 * undici calls `onRequestStart` on a connected socket right before it writes, and writes nothing if that throws. So
 * `unsent` is a fact: until then no byte has left, and after a failure none will.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly reply: Promise<WireReply>;
  /** The connection that undici has chosen. Absent with a dispatcher of the application. */
  lane: Lane | undefined;
  readonly #stop: StopSignal;
  readonly #maxReplyBytes: number;
  #resolve!: (reply: WireReply) => void;
  #reject!: (failure: WireFailure) => void;
  #again: (() => void) | undefined;
  #postponed = 0;
  #dispatchedAt = 0;
  #phase: WirePhase = 'unsent';
  #isOver = false;
  #controller: Controller | undefined;
  #connection: WatchedConnection | undefined;
  #informational = 0;
  #status = 0;
  #headers: WireReply['headers'] = {};
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(stop: StopSignal, maxReplyBytes: number) {
    this.#stop = stop;
    this.#maxReplyBytes = maxReplyBytes;
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /**
   * Sends the request in the next turn of the event loop. undici waits for another one before it uses a connection again.
   * So the connection has been read since its last reply, and once more before the request: a close or a byte that has
   * arrived by then takes it out of use.
   */
  begin(dispatcher: Pick<Dispatcher, 'dispatch'>, options: Dispatcher.DispatchOptions): void {
    if (this.#stop.isStopped) return this.#stopped();
    this.#stop.onStop(this.#stopped);
    const tagged: ExchangeOptions = { ...options, exchange: this };
    this.#again = () =>
      void nextCheck(() => {
        if (this.#isOver) return;
        this.#dispatchedAt = performance.now();
        try {
          dispatcher.dispatch(tagged, this);
        } catch (error) {
          this.#fail(exchangeFailure(error, this.#phase));
        }
      });
    this.#again();
  }

  onRequestStart(controller: Controller): void {
    // A dispatcher that repeats requests or follows redirects would send the question twice.
    if (this.#phase !== 'unsent') this.#fail(new WireFailure('connection_lost', this.#phase));
    if (this.#isOver) throw new Error('this request must not be sent');
    const connection = this.lane?.connection;
    if (connection?.wasUsed && this.#isUnread()) throw new Postponed();
    connection?.asked();
    this.#connection = connection;
    this.#controller = controller;
    this.#phase = 'sent';
  }

  onResponseStarted(): void {
    if (this.#phase === 'sent') this.#phase = 'headers';
  }

  onResponseStart(
    controller: Controller,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) {
      this.#phase = 'headers';
      if (status !== SWITCHING_PROTOCOLS && ++this.#informational <= MAX_INFORMATIONAL_REPLIES) return;
      return this.#cut(controller, new WireFailure('connection_lost', 'headers'));
    }
    this.#phase = 'body';
    this.#status = status;
    this.#headers = asNodeGives(headers);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxReplyBytes) return this.#cut(controller, new WireFailure('too_large', 'body'));
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    this.#end();
    const connection = this.#connection;
    connection?.answered();
    const [first, second] = this.#chunks;
    const body = first && !second ? first : Buffer.concat(this.#chunks);
    const drop = connection && (() => connection.close());
    this.#resolve({ status: this.#status, headers: this.#headers, body, ...(drop && { drop }) });
  }

  onResponseError(_controller: Controller | undefined, error: unknown): void {
    if (this.#isOver) return;
    if (error instanceof Postponed) return this.#again?.();
    if (this.#phase === 'body' && this.#bytes === 0 && BODILESS.has(this.#status)) return this.onResponseEnd();
    this.#fail(exchangeFailure(error, this.#phase));
  }

  readonly #stopped = (): void => {
    const failure = new WireFailure('aborted', this.#phase);
    if (this.#controller) return this.#cut(this.#controller, failure);
    this.#fail(failure);
    this.lane?.giveUp();
  };

  /** Whether the event loop was busy since the request was dispatched, so that nobody knows what has arrived. */
  #isUnread(): boolean {
    return performance.now() - this.#dispatchedAt > MAX_UNREAD_MS && this.#postponed++ < MAX_POSTPONED;
  }

  #cut(controller: Controller, failure: WireFailure): void {
    this.#fail(failure);
    // After an abort, undici would open a connection that nobody needs.
    if (this.#connection) this.#connection.close();
    else controller.abort(failure);
  }

  #fail(failure: WireFailure): void {
    if (this.#isOver) return;
    this.#end();
    this.#reject(failure);
  }

  #end(): void {
    this.#isOver = true;
    this.#stop.offStop(this.#stopped);
  }
}

/** Thrown before a request is written: nothing was sent, and it is dispatched once more. */
class Postponed extends Error {}
