/** One HTTP request, as it goes on the wire. */
export interface WireRequest {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One HTTP reply, whatever its status. Header names are in lower case; values are as Node gives them (latin1). */
export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /**
   * Closes the connection that the reply came on, so that no other question is asked on it. Called for a reply that cannot
   * be read or was seen before: what follows it on that connection may be the answer to another question. Absent where
   * connections are not used twice.
   */
  readonly drop?: () => void;
}

/**
 * How far an exchange had come.
 *
 * - `unsent`: no byte of the request can have reached the upstream (DNS, connect, TLS): proven unbilled;
 * - `sent`: the request, or a part of it, was handed to a connected socket;
 * - `headers`: the reply has begun;
 * - `body`: its headers are complete.
 */
export type WirePhase = 'unsent' | 'sent' | 'headers' | 'body';

/** Why an exchange failed, without anything that was in it. */
export type WireFailureReason = 'aborted' | 'connect' | 'connection_lost' | 'too_large' | 'not_http';

/** The only error a transport rejects with. Holds neither request nor reply. */
export class WireFailure extends Error {
  override readonly name = 'WireFailure';
  /** The system's code (`ECONNREFUSED`). */
  readonly systemCode?: string;

  /**
   * @param systemCode goes into messages and spans, so it is left out unless it looks like a code: capitals, and no
   *   number of a person
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

/** As the codes of Node, libuv and OpenSSL are: `E2BIG`, `ERR_HTTP2_ERROR`, `CERT_HAS_EXPIRED`. */
const SYSTEM_CODE = /^(?!.*\d{3})[A-Z][A-Z0-9_]{1,39}$/;

/**
 * Carries one request to the upstream and brings the reply. No redirects, no retries, no timeout of its own: the
 * signal ends it.
 */
export interface UpstreamTransport {
  /** @throws {WireFailure} and nothing else */
  send(request: WireRequest, signal: AbortSignal): Promise<WireReply>;
  /** Lets go of idle connections. */
  close?(): void;
}
