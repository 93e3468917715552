import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { GATEWAY_HEADERS, GATEWAY_LIMITS, type GatewayRowId } from '@identity-verify/contract';
import type { NamespaceState } from '../namespace/namespace.state.js';
import type { ReceivedRequest } from './auth.types.js';
import { echoed, type SignatureEcho } from './signature.echo.js';
import { headerValue, listedHeaders, stringToSign } from './string-to-sign.js';

/** Maximum length of `X-Ca-Nonce`, in characters. A UUID has 36. */
const MAX_NONCE = 128;

/**
 * Maximum number of names in `X-Ca-Signature-Headers`, and its maximum length. Repeated names would multiply the length
 * of the string to sign.
 */
const MAX_LISTED = 32;
const MAX_LIST_LENGTH = 1_024;

/** The digests by `X-Ca-Signature-Method`. */
const DIGESTS: ReadonlyMap<string, string> = new Map([
  ['HmacSHA256', 'sha256'],
  ['HmacSHA1', 'sha1'],
]);
const DEFAULT_METHOD = 'HmacSHA256';

/** The reason why a signature is refused. */
export interface SignatureRefusal {
  readonly rowId: GatewayRowId;
  readonly message?: string;
}

/**
 * Verifies an AppKey signature in the way of the gateway.
 *
 * @param state the namespace whose clock and nonces apply
 * @returns undefined if the signature is valid
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

/** Checks the optional timestamp and nonce. They come last, so that only a valid signature uses up a nonce. */
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

/** Returns true if the signature headers exceed the limits, which would cost memory or time. */
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

/** Node decodes base64 leniently. Only the canonical spelling is a valid signature. */
function isCanonicalBase64(presented: string, expected: Buffer): boolean {
  return presented === expected.toString('base64');
}

/** The signature covers a body that is not a form only through Content-MD5, so the header must match the body. */
function contentMd5Agrees(request: ReceivedRequest): boolean {
  const md5 = headerValue(request, 'content-md5');
  return md5 === '' || md5 === createHash('md5').update(request.body).digest('base64');
}
