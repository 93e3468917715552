import { ENDPOINT, TEST_POPULATION } from '@identity-verify/contract';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { requireScenario } from '../scenario/scenario.catalogue.js';
import type { AdminContext } from './admin.context.js';

/** Maximum length of a reply that is returned, in bytes. The replies of the vendor are shorter. */
const MAX_REPLY_BYTES = 4_096;

/** Default time to wait for a reply, in milliseconds. */
export const DEFAULT_WAIT_MS = 5_000;

/** What became of a call. */
export interface OwnCall {
  /** HTTP status; null without a reply. */
  readonly httpStatus: number | null;
  /** `X-Ca-Request-Id`; null without a reply. */
  readonly requestId: string | null;
  /** The stage that decided the reply; null under `strictWire`. */
  readonly decidedBy: string | null;
  /** The body as text, cut off after 4 KiB. */
  readonly body: string;
  /** How the call failed; null after a complete reply. */
  readonly failure: 'timeout' | 'connection' | null;
  readonly elapsedMs: number;
}

const [someone] = TEST_POPULATION;

/**
 * Sends a call to the data route of this mock, as a client would: over the network, on a connection of its own, with the
 * scenario's reserved mobile or its header. It counts like any other call.
 *
 * @param namespaceId the hash of the namespace; it exists
 * @throws UnknownScenarioError
 */
export function sendOwnCall(
  { namespaces, authenticator, url }: AdminContext,
  namespaceId: string,
  { scenario, waitMs = DEFAULT_WAIT_MS }: { readonly scenario: string; readonly waitMs?: number },
  signal: AbortSignal,
): Promise<OwnCall> {
  const { id, mobile } = requireScenario(scenario);
  const state = namespaces.byId(namespaceId);
  if (!state) throw new Error('The namespace was dropped.');
  const pass = authenticator.issuePass(state);
  const started = performance.now();

  return new Promise<OwnCall>((resolve) => {
    const chunks: Buffer[] = [];
    let head: Pick<OwnCall, 'httpStatus' | 'requestId' | 'decidedBy'> = {
      httpStatus: null,
      requestId: null,
      decidedBy: null,
    };
    const finish = (failure: OwnCall['failure']) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      pass.end();
      const body = Buffer.concat(chunks).subarray(0, MAX_REPLY_BYTES).toString('utf8');
      // The rest of a reply that is too long, or never ends, is not of interest.
      call.destroy();
      resolve({ ...head, body, failure, elapsedMs: Math.round((performance.now() - started) * 100) / 100 });
    };
    const giveUp = () => finish('timeout');
    const timer = setTimeout(giveUp, waitMs);
    signal.addEventListener('abort', giveUp);

    const target = url();
    const send = target.startsWith('https:') ? httpsRequest : httpRequest;
    const call = send(
      target + ENDPOINT.path,
      {
        method: 'POST',
        // A connection of its own: a fault must not break another call, and nothing is sent twice.
        agent: false,
        // This very server, whose certificate is usually self-signed.
        rejectUnauthorized: false,
        headers: {
          Authorization: `${ENDPOINT.authorizationScheme} ${pass.code}`,
          'Content-Type': ENDPOINT.contentType,
          ...(mobile === undefined && { 'X-Mock-Scenario': id }),
        },
      },
      (reply) => {
        const header = (name: string) => {
          const value = reply.headers[name];
          return typeof value === 'string' ? value : null;
        };
        head = {
          httpStatus: reply.statusCode ?? null,
          requestId: header('x-ca-request-id'),
          decidedBy: header('x-mock-decision')?.split(';')[0] ?? null,
        };
        let length = 0;
        reply.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length > MAX_REPLY_BYTES) finish(null);
        });
        reply.on('end', () => finish(null));
        reply.on('error', () => finish('connection'));
        reply.on('aborted', () => finish('connection'));
      },
    );
    call.on('error', () => finish('connection'));
    call.end(
      new URLSearchParams({ name: someone.name, idcard: someone.idCard, mobile: mobile ?? someone.mobile }).toString(),
    );
  });
}
