import { describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import axios from 'axios';
import { HttpServiceTransport } from '../transport/http-service.transport.js';
import { UndiciTransport } from '../transport/undici.transport.js';
import { carrierOf, carryUntil } from './carrier.js';
import { Stop } from './stop.js';
import { WireFailure, type UpstreamTransport, type WireReply, type WireRequest } from './transport.port.js';

const REQUEST: WireRequest = { method: 'POST', url: 'http://127.0.0.1:9/x', headers: {}, body: 'a=b' };
const REPLY: WireReply = { status: 200, headers: {}, body: Buffer.from('{}') };

/** A dispatcher that counts the requests that reach it, and never answers. */
function silent() {
  let started = 0;
  const dispatch = (_options: unknown, handler: { onRequestStart?(controller: never, context: never): void }) => {
    started += 1;
    handler.onRequestStart?.({ abort: () => undefined } as never, {} as never);
    return true;
  };
  return { dispatcher: { dispatch } as never, started: () => started };
}

const own: [string, (options: object) => UpstreamTransport][] = [
  ['UndiciTransport', (options) => new UndiciTransport(options)],
  ['HttpServiceTransport', (options) => new HttpServiceTransport(new HttpService(axios.create()), options)],
];

describe('carrierOf', () => {
  it.each(own)('stops a request of %s without an AbortSignal', async (_name, open) => {
    const { dispatcher, started } = silent();
    const stop = new Stop();
    const carried = carrierOf(open({ dispatcher })).carry(REQUEST, stop);
    while (started() === 0) await new Promise(setImmediate);
    stop.stop('deadline');
    await expect(carried).rejects.toMatchObject({ reason: 'aborted', phase: 'sent' });
  });

  it.each(own)('gives every request to a `send` that replaces that of %s', async (_name, open) => {
    const transport = open({});
    const carrier = carrierOf(transport);
    const signals: unknown[] = [];
    transport.send = async (_request, signal) => (signals.push(signal), REPLY);
    expect(await carrier.carry(REQUEST, new Stop())).toBe(REPLY);
    expect(signals).toEqual([expect.any(AbortSignal)]);
  });

  it('gives every request to a `send` that a subclass overrides', async () => {
    class Recording extends UndiciTransport {
      readonly urls: string[] = [];
      override async send({ url }: WireRequest): Promise<WireReply> {
        this.urls.push(url);
        return REPLY;
      }
    }
    const transport = new Recording();
    await carrierOf(transport).carry(REQUEST, new Stop());
    expect(transport.urls).toEqual([REQUEST.url]);
  });

  it('aborts the AbortSignal of a transport of the application when it is stopped, also if that was before', async () => {
    const seen: boolean[] = [];
    const carrier = carrierOf({
      send: (_request, signal) =>
        new Promise((_resolve, reject) => {
          const abort = () => (seen.push(signal.aborted), reject(new WireFailure('aborted', 'unsent')));
          if (signal.aborted) abort();
          else signal.addEventListener('abort', abort);
        }),
    });
    const stop = new Stop();
    const carried = carrier.carry(REQUEST, stop);
    stop.stop('closing');
    await expect(carried).rejects.toBeInstanceOf(WireFailure);
    await expect(carrier.carry(REQUEST, stop)).rejects.toBeInstanceOf(WireFailure);
    expect(seen).toEqual([true, true]);
  });

  it('rejects when a transport of the application throws', async () => {
    const carrier = carrierOf({
      send: () => {
        throw new Error('not a promise');
      },
    });
    await expect(carrier.carry(REQUEST, new Stop())).rejects.toThrow('not a promise');
  });
});

describe('carryUntil', () => {
  it('stops when the signal aborts, and listens no longer when it has ended', async () => {
    const listeners = new Set<unknown>();
    const controller = new AbortController();
    const { signal } = controller;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...[type, listener]: Parameters<typeof add>) => (
      listeners.add(listener),
      add(type, listener)
    );
    signal.removeEventListener = (...[type, listener]: Parameters<typeof add>) => (
      listeners.delete(listener),
      remove(type, listener)
    );
    expect(await carryUntil(signal, async ({ isStopped }) => (expect(isStopped).toBe(false), REPLY))).toBe(REPLY);
    expect(listeners.size).toBe(0);
    const stopped = carryUntil(
      signal,
      (stop) => new Promise((_resolve, reject) => stop.onStop(() => reject(new Error(stop.reason)))),
    );
    controller.abort();
    await expect(stopped).rejects.toThrow('abandoned');
    expect(await carryUntil(signal, async ({ isStopped }) => (expect(isStopped).toBe(true), REPLY))).toBe(REPLY);
  });
});
