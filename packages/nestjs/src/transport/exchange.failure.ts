import { WireFailure, type WirePhase } from '../upstream/transport.port.js';

const CODE = /^[A-Z0-9_]{1,40}$/;

/** Makes the failure of an exchange from the error of undici, of which it takes nothing but the code. */
export function exchangeFailure(error: unknown, phase: WirePhase): WireFailure {
  const { code, name } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: unknown;
    name?: unknown;
  };
  const known = typeof code === 'string' && CODE.test(code) ? code : undefined;
  if (phase === 'unsent') return new WireFailure('connect', 'unsent', known);
  if (known === 'UND_ERR_HEADERS_OVERFLOW') return new WireFailure('too_large', 'headers', known);
  if (name === 'HTTPParserError') return new WireFailure('not_http', 'headers', known);
  // undici names every error in a reply with a length so. In the head it is one of the parser, in the body an early end.
  if (known === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' && phase !== 'body') {
    return new WireFailure('not_http', 'headers', known);
  }
  return new WireFailure('connection_lost', phase, known);
}
