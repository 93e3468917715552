/** One HTTP request, as sent. */
export interface WireRequest {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One HTTP reply, with any status. Header names are in lower case; values are as Node gives them (latin1). */
export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /**
   * Closes the connection of the reply, so that no other question is sent on it. Called for a reply that cannot be read
   * or is a duplicate: the next reply on that connection may be the answer to another question. Absent if connections
   * are not reused.
   */
  readonly drop?: () => void;
}

/**
 * The progress of an exchange.
 *
 * - `unsent`: no byte of the request can have reached the upstream (DNS, connect, TLS): proven unbilled;
 * - `sent`: the request, or a part of it, was handed to a connected socket;
 * - `headers`: the reply has begun;
 * - `body`: the headers of the reply are complete.
 */
export type WirePhase = 'unsent' | 'sent' | 'headers' | 'body';

/** The reason for which an exchange failed. Contains nothing of the exchange. */
export type WireFailureReason = 'aborted' | 'connect' | 'connection_lost' | 'too_large' | 'not_http';

/** The only error that a transport rejects with. Contains neither request nor reply. */
export class WireFailure extends Error {
  override readonly name = 'WireFailure';
  /** The code of the operating system or of Node (`ECONNREFUSED`). */
  readonly systemCode?: string;

  /**
   * @param systemCode appears in messages and spans, so it is dropped unless it has the shape of a code: capitals, and
   *   not enough digits for a number of a person
   */
  constructor(
    readonly reason: WireFailureReason,
    readonly phase: WirePhase,
    systemCode?: string,
  ) {
    const known = systemCode !== undefined && SYSTEM_CODE.test(systemCode) ? systemCode : undefined;
    super(`${reason} (${phase}${known ? `, ${known}` : ''})`);
    if (known !== undefined) this.systemCode = known;
  }
}

/** The shape of codes of Node, libuv and OpenSSL: `E2BIG`, `ERR_HTTP2_ERROR`, `CERT_HAS_EXPIRED`. */
const SYSTEM_CODE = /^(?!.*\d{3})[A-Z][A-Z0-9_]{1,39}$/;

/**
 * Sends one request to the upstream and returns the reply. It follows no redirects, makes no retries and has no timeout
 * of its own: the signal ends it.
 */
export interface UpstreamTransport {
  /** @throws {WireFailure} and nothing else */
  send(request: WireRequest, signal: AbortSignal): Promise<WireReply>;
  /** Closes idle connections. */
  close?(): void;
}
