import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { GATEWAY_LIMITS, type GatewayRowId } from '@identity-verify/contract';
import { maskIdCard, maskMobile, maskName } from '../journal/mask.js';
import type { NamespaceState } from '../namespace/namespace.state.js';
import type { ReceivedRequest } from './auth.types.js';
import { headerValue, stringToSign } from './string-to-sign.js';

/** How much of the string to sign an `Invalid Signature` tells. The real gateway tells all of it, name and ID number too. */
export type SignatureEcho = 'masked' | 'off' | 'raw';

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

  const expected = createHmac('sha256', appSecret).update(stringToSign(request), 'utf8').digest();
  const bodyAgrees = contentMd5Agrees(request);
  if (
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
  if (nonce !== '' && !state.nonces.use(nonce, now, validityMs)) return { rowId: 'nonce-used' };
  return undefined;
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

const MASKS: Readonly<Record<string, (value: string) => string>> = {
  name: maskName,
  idcard: maskIdCard,
  mobile: maskMobile,
};

/** One line: the gateway writes `#` for a line break. */
function echoed(request: ReceivedRequest, echo: SignatureEcho): string {
  if (echo === 'off') return '';
  const text = stringToSign(request, echo === 'raw' ? undefined : (name, value) => MASKS[name]?.(value) ?? '***');
  return text.replaceAll(/[\r\n]/g, '#');
}
