import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { GATEWAY_HEADERS, GATEWAY_LIMITS, type GatewayRowId } from '@identity-verify/contract';
import type { NamespaceState } from '../namespace/namespace.state.js';
import type { ReceivedRequest } from './auth.types.js';
import { echoed, type SignatureEcho } from './signature.echo.js';
import { headerValue, listedHeaders, stringToSign } from './string-to-sign.js';

/** The longest `X-Ca-Nonce`, in characters: a UUID has 36. */
const MAX_NONCE = 128;

/** The most names in `X-Ca-Signature-Headers`, and its longest text: repeating a long header there multiplies its length. */
const MAX_LISTED = 32;
const MAX_LIST_LENGTH = 1_024;

/** Digests by `X-Ca-Signature-Method`. */
const DIGESTS: ReadonlyMap<string, string> = new Map([
  ['HmacSHA256', 'sha256'],
  ['HmacSHA1', 'sha1'],
]);
const DEFAULT_METHOD = 'HmacSHA256';

/** Why a signature does not count. */
export interface SignatureRefusal {
  readonly rowId: GatewayRowId;
  readonly message?: string;
}

/**
 * Verifies an AppKey + AppSecret signature as the gateway does.
 *
 * @param state whose clock and nonces count
 * @returns undefined when it is right
 */
export function verifySignature(
  request: ReceivedRequest,
  appSecret: string,
  state: NamespaceState,
  echo: SignatureEcho,
): SignatureRefusal | undefined {
  const presented = headerValue(request, 'x-ca-signature');
  if (presented === '') return { rowId: 'empty-signature' };

  if (isExcessive(request)) return { rowId: 'invalid-header' };

  const digest = DIGESTS.get(headerValue(request, GATEWAY_HEADERS.signatureMethod) || DEFAULT_METHOD);
  const expected = digest && createHmac(digest, appSecret).update(stringToSign(request), 'utf8').digest();
  const bodyAgrees = contentMd5Agrees(request);
  if (
    !expected ||
    !equalBytes(Buffer.from(presented, 'base64'), expected) ||
    !isCanonicalBase64(presented, expected) ||
    !bodyAgrees
  ) {
    return { rowId: 'invalid-signature', message: `Invalid Signature, Server StringToSign:${echoed(request, echo)}` };
  }
  return refuseOldOrRepeated(request, state);
}

/** Timestamp and nonce are optional; they are checked last, so that only a rightly signed nonce is used up. */
function refuseOldOrRepeated(request: ReceivedRequest, state: NamespaceState): SignatureRefusal | undefined {
  const now = state.clock.now();
  const validityMs = GATEWAY_LIMITS.signatureValidityMs;
  const timestamp = headerValue(request, 'x-ca-timestamp');
  if (timestamp !== '' && !(/^\d{1,15}$/.test(timestamp) && Math.abs(now - Number(timestamp)) <= validityMs)) {
    return { rowId: 'timestamp-expired' };
  }
  const nonce = headerValue(request, 'x-ca-nonce');
  const seen = nonce === '' ? 'fresh' : state.nonces.use(nonce, validityMs);
  if (seen === 'full') return { rowId: 'throttled-by-app' };
  return seen === 'used' ? { rowId: 'nonce-used' } : undefined;
}

/** Whether a request brings along more than any client needs, which would cost memory or time. */
function isExcessive(request: ReceivedRequest): boolean {
  return (
    headerValue(request, 'x-ca-nonce').length > MAX_NONCE ||
    headerValue(request, 'x-ca-signature-headers').length > MAX_LIST_LENGTH ||
    listedHeaders(request).length > MAX_LISTED
  );
}

function equalBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Node decodes base64 leniently; only the one right spelling is a signature. */
function isCanonicalBase64(presented: string, expected: Buffer): boolean {
  return presented === expected.toString('base64');
}

/** A body that is no form is signed only through its Content-MD5, so that must be the body's. */
function contentMd5Agrees(request: ReceivedRequest): boolean {
  const md5 = headerValue(request, 'content-md5');
  return md5 === '' || md5 === createHash('md5').update(request.body).digest('base64');
}
