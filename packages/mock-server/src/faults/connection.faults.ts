import type { TransportFaultName } from '@identity-verify/contract';
import { rawReply } from '../wire/raw-reply.js';
import type { FaultContext, FaultPlay } from './fault.types.js';
import { resetConnection } from './reset-connection.js';

const JSON_TYPE = 'application/json;charset=UTF-8';

/** The headers of a valid reply. The faults send them with an invalid body. */
const head = ({ requestId }: FaultContext, more: Readonly<Record<string, string | number>>) => ({
  'Content-Type': JSON_TYPE,
  'X-Ca-Request-Id': requestId,
  ...more,
});

const half = (body: string) => body.slice(0, Math.floor(body.length / 2));

/** Writes bytes to the socket directly, because node:http would correct them, then closes or holds the connection. */
const raw =
  (build: (context: FaultContext) => Buffer, then: 'close' | 'hold' | 'reset'): FaultPlay['play'] =>
  (context) => {
    const { socket, hold } = context;
    const bytes = build(context);
    if (then === 'close') socket.end(bytes);
    else if (then === 'reset') socket.write(bytes, () => resetConnection(socket));
    else {
      hold();
      socket.write(bytes);
    }
  };

/**
 * Interval between two bytes of a drip, in milliseconds. Shorter than any idle timeout; in total, longer than any
 * deadline.
 */
const DRIP_MS = 200;

const drip: FaultPlay['play'] = (context) => {
  const { socket, setTimer, hold, match } = context;
  const bytes = rawReply('200 OK', head(context, { 'Content-Length': Buffer.byteLength(match) }), match);
  const headEnd = bytes.indexOf('\r\n\r\n') + 4;
  let position = headEnd;
  hold();
  socket.write(bytes.subarray(0, headEnd));
  const next = () => {
    if (socket.destroyed) return;
    socket.write(bytes.subarray(position, position + 1));
    if (++position < bytes.length) setTimer(next, DRIP_MS);
  };
  next();
};

/** Number of 102 replies per burst, and the pause between two bursts in milliseconds. The pause limits the CPU load. */
const FLOOD_BURST = 50;
const FLOOD_PAUSE_MS = 5;

const flood: FaultPlay['play'] = ({ socket, setTimer, hold }) => {
  const burst = 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(FLOOD_BURST);
  hold();
  const next = () => {
    if (!socket.destroyed) socket.write(burst, () => setTimer(next, FLOOD_PAUSE_MS));
  };
  next();
};

/** Length of the oversized header, in bytes. */
const BIG_HEADER = 64 * 1024;

/**
 * Sends both copies in one write. The second copy goes through node:http, so that the connection can take another
 * request.
 */
const duplicate: FaultPlay['play'] = (context) => {
  const { socket, response, match } = context;
  const headers = head(context, { Connection: 'keep-alive', 'Content-Length': Buffer.byteLength(match) });
  response.sendDate = false;
  socket.cork();
  socket.write(rawReply('200 OK', headers, match));
  response.writeHead(200, headers);
  response.end(match);
  socket.uncork();
};

/** The faults that break the connection or the framing. They write raw bytes, without an HTTP library. */
export const CONNECTION_FAULTS = {
  'reset-at-connect': { httpStatus: null, play: ({ socket }) => resetConnection(socket) },
  'reset-after-request': { httpStatus: null, play: ({ socket }) => resetConnection(socket) },
  'reset-mid-body': {
    httpStatus: 200,
    play: raw(
      (c) => rawReply('200 OK', head(c, { 'Content-Length': Buffer.byteLength(c.match) }), half(c.match)),
      'reset',
    ),
  },
  'empty-close': { httpStatus: null, play: ({ socket }) => void socket.end() },
  hang: { httpStatus: null, play: ({ hold }) => hold() },
  'hang-mid-headers': {
    httpStatus: null,
    play: raw(() => Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: applica'), 'hold'),
  },
  'hang-mid-body': {
    httpStatus: 200,
    play: raw(
      (c) => rawReply('200 OK', head(c, { 'Content-Length': Buffer.byteLength(c.match) }), half(c.match)),
      'hold',
    ),
  },
  'truncated-length': {
    httpStatus: 200,
    // The body contains the whole match. Only Content-Length shows that the reply is incomplete.
    play: raw(
      (c) => rawReply('200 OK', head(c, { 'Content-Length': Buffer.byteLength(c.match) + 64 }), c.match),
      'close',
    ),
  },
  'truncated-chunk': {
    httpStatus: 200,
    play: raw((c) => {
      const size = Buffer.byteLength(c.match);
      return rawReply(
        '200 OK',
        head(c, { 'Transfer-Encoding': 'chunked' }),
        `${(size + 16).toString(16)}\r\n${c.match}`,
      );
    }, 'close'),
  },
  'bad-chunk': {
    httpStatus: 200,
    play: raw(
      (c) => rawReply('200 OK', head(c, { 'Transfer-Encoding': 'chunked' }), `zz\r\n${c.match}\r\n0\r\n\r\n`),
      'close',
    ),
  },
  'not-http': { httpStatus: null, play: raw(() => Buffer.from('SSH-2.0-OpenSSH_9.6\r\n'), 'close') },
  drip: { httpStatus: 200, play: drip },
  'oversized-header': {
    httpStatus: 200,
    play: raw((c) => {
      const size = Buffer.byteLength(c.match);
      return rawReply('200 OK', head(c, { 'X-Padding': 'x'.repeat(BIG_HEADER), 'Content-Length': size }), c.match);
    }, 'close'),
  },
  'length-and-chunked': {
    httpStatus: 200,
    play: raw((c) => {
      const size = Buffer.byteLength(c.match);
      const framing = { 'Content-Length': size, 'Transfer-Encoding': 'chunked' };
      return rawReply('200 OK', head(c, framing), `${size.toString(16)}\r\n${c.match}\r\n0\r\n\r\n`);
    }, 'close'),
  },
  'flood-of-102': { httpStatus: null, play: flood },
  'early-close': {
    httpStatus: 200,
    play: raw((c) => {
      const keepAlive = { Connection: 'keep-alive', 'Keep-Alive': 'timeout=60' };
      return rawReply('200 OK', head(c, { ...keepAlive, 'Content-Length': Buffer.byteLength(c.match) }), c.match);
    }, 'close'),
  },
  'duplicate-reply': { httpStatus: 200, play: duplicate },
} as const satisfies Partial<Record<TransportFaultName, FaultPlay>>;
