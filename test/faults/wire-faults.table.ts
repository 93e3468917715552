import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { MATCH_BODY, matchReply, type RawBehaviour } from './raw-upstream.js';

/** The error that the client must report for a fault, without a retry. */
export interface Expectation {
  readonly code: string;
  readonly billed: 'no' | 'unknown';
}

/** A fault that the mock does not play: it is below HTTP or depends on how the bytes are split. */
export interface WireFault extends RawBehaviour {
  readonly name: string;
  readonly expected: Expectation;
}

const LOST: Expectation = { code: 'IDV_CONNECTION_LOST', billed: 'unknown' };
const TIMEOUT: Expectation = { code: 'IDV_TIMEOUT', billed: 'unknown' };
const UNREADABLE: Expectation = { code: 'IDV_REPLY_UNREADABLE', billed: 'unknown' };
const TOO_LARGE: Expectation = { code: 'IDV_REPLY_TOO_LARGE', billed: 'unknown' };

const HEAD = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(MATCH_BODY)}\r\n\r\n`;
const say = (text: string) => (socket: Socket) => void socket.write(text);
const sayAndEnd = (text: string) => (socket: Socket) => void socket.end(text);
const sayAndReset = (text: string) => (socket: Socket) => void socket.write(text, () => socket.resetAndDestroy());
const json = (body: string) =>
  say(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
const chunked = (rest: string) =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${rest}`;
const bodyInHex = Buffer.byteLength(MATCH_BODY).toString(16);

export const WIRE_FAULTS: readonly WireFault[] = [
  { name: 'close on connect', onConnect: (socket) => void socket.end(), expected: LOST },
  {
    name: 'an accepted connection that is never read',
    onConnect: (socket) => void socket.pause(),
    expected: TIMEOUT,
  },
  { name: 'reset after the request', onRequest: (socket) => socket.resetAndDestroy(), expected: LOST },
  { name: 'close after the request', onRequest: (socket) => void socket.end(), expected: LOST },
  { name: 'silence after the request', onRequest: () => undefined, expected: TIMEOUT },
  { name: 'silence after half a status line', onRequest: say('HTTP/1.1 2'), expected: TIMEOUT },
  { name: 'silence after the status line', onRequest: say('HTTP/1.1 200 OK\r\n'), expected: TIMEOUT },
  { name: 'silence after the headers', onRequest: say(HEAD), expected: TIMEOUT },
  { name: 'silence inside the body', onRequest: say(HEAD + MATCH_BODY.slice(0, -1)), expected: TIMEOUT },
  {
    name: 'silence before the last chunk',
    onRequest: say(chunked(`${bodyInHex}\r\n${MATCH_BODY}\r\n`)),
    expected: TIMEOUT,
  },
  { name: 'close after half a status line', onRequest: sayAndEnd('HTTP/1.1 2'), expected: LOST },
  { name: 'close after the headers', onRequest: sayAndEnd(HEAD), expected: LOST },
  { name: 'close one byte before the end', onRequest: sayAndEnd(HEAD + MATCH_BODY.slice(0, -1)), expected: LOST },
  {
    name: 'close before the last chunk',
    onRequest: sayAndEnd(chunked(`${bodyInHex}\r\n${MATCH_BODY}\r\n`)),
    expected: LOST,
  },
  { name: 'reset inside the body', onRequest: sayAndReset(HEAD + MATCH_BODY.slice(0, 10)), expected: LOST },
  {
    name: 'a chunk size that is not a number',
    onRequest: say(chunked(`zz\r\n${MATCH_BODY}\r\n0\r\n\r\n`)),
    expected: UNREADABLE,
  },
  {
    name: 'random bytes instead of HTTP',
    onRequest: (socket) => void socket.write(randomBytes(512)),
    expected: UNREADABLE,
  },
  { name: 'another protocol', onRequest: say('SSH-2.0-OpenSSH_9.6\r\n'), expected: UNREADABLE },
  {
    name: 'a TLS alert',
    onRequest: (socket) => void socket.write(Buffer.from([0x15, 3, 3, 0, 2, 2, 0x28])),
    expected: UNREADABLE,
  },
  { name: 'two different lengths', onRequest: say(matchReply('Content-Length: 3')), expected: UNREADABLE },
  { name: 'a length and chunks', onRequest: say(matchReply('Transfer-Encoding: chunked')), expected: UNREADABLE },
  {
    name: 'a length that is not a number',
    onRequest: say(matchReply().replace(/Content-Length: \d+/, 'Content-Length: x')),
    expected: UNREADABLE,
  },
  {
    name: 'a length shorter than the body',
    onRequest: say(matchReply().replace(/Content-Length: \d+/, 'Content-Length: 10')),
    expected: UNREADABLE,
  },
  { name: 'a header of 64 KiB', onRequest: say(matchReply(`X-Long: ${'x'.repeat(65_536)}`)), expected: TOO_LARGE },
  {
    name: 'ten thousand headers',
    onRequest: say(matchReply(...Array.from({ length: 10_000 }, (_, i) => `X-${i}: y`))),
    expected: TOO_LARGE,
  },
  { name: 'a space before a header colon', onRequest: say(matchReply('X-Bad : y')), expected: UNREADABLE },
  { name: 'endless informational replies', onRequest: (socket) => flood(socket), expected: LOST },
  {
    name: 'a switch of protocols',
    onRequest: say('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
    expected: LOST,
  },
  {
    name: 'a body that drips forever',
    onRequest: (socket) =>
      drip(socket, 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n'),
    expected: TIMEOUT,
  },
  {
    name: 'headers that drip forever',
    onRequest: (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nX-Drip: '),
    expected: TIMEOUT,
  },
  { name: 'an endless body', onRequest: (socket) => pour(socket), expected: TOO_LARGE },
  { name: 'an empty 200', onRequest: json(''), expected: UNREADABLE },
  {
    name: 'a 204',
    onRequest: say('HTTP/1.1 204 No Content\r\n\r\n'),
    expected: { ...UNREADABLE, code: 'IDV_HTTP_STATUS' },
  },
  {
    name: 'a match under 201',
    onRequest: say(matchReply().replace('200 OK', '201 Created')),
    expected: { ...UNREADABLE, code: 'IDV_HTTP_STATUS' },
  },
  {
    name: 'a match under 304',
    onRequest: say('HTTP/1.1 304 Not Modified\r\n\r\n'),
    expected: { ...UNREADABLE, code: 'IDV_REDIRECTED' },
  },
  {
    name: 'a redirect to another host',
    onRequest: say('HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.2:9/\r\nContent-Length: 0\r\n\r\n'),
    expected: { ...UNREADABLE, code: 'IDV_REDIRECTED' },
  },
  { name: 'a match inside a list', onRequest: json(`[${MATCH_BODY}]`), expected: UNREADABLE },
  { name: 'a match twice', onRequest: json(MATCH_BODY + MATCH_BODY), expected: UNREADABLE },
  { name: 'a match behind a byte order mark', onRequest: json(`\ufeff${MATCH_BODY}`), expected: UNREADABLE },
  { name: 'a match behind a closing script tag', onRequest: json(`)]}',\n${MATCH_BODY}`), expected: UNREADABLE },
  {
    name: 'a match with a second state',
    onRequest: json(MATCH_BODY.replace('"state":"1"', '"state":"2","state":"1"')),
    expected: UNREADABLE,
  },
  {
    name: 'a match in a prototype',
    onRequest: json(MATCH_BODY.replace('"data":', '"data":{},"__proto__":')),
    expected: UNREADABLE,
  },
];

/** Bounded, although the test ends long before. */
const MOST_TICKS = 200;

function drip(socket: Socket, head: string): void {
  socket.write(head);
  repeat(socket, () => socket.write('x'));
}

function flood(socket: Socket): void {
  repeat(socket, () => socket.write('HTTP/1.1 102 Processing\r\n\r\n'.repeat(20)));
}

function pour(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n');
  repeat(socket, () => socket.write(`4000\r\n${' '.repeat(0x4000)}\r\n`));
}

function repeat(socket: Socket, tick: () => void): void {
  let ticks = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || ++ticks > MOST_TICKS) clearInterval(timer);
    else tick();
  }, 10);
  socket.on('close', () => clearInterval(timer));
}
