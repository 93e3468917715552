import { ENDPOINT } from '@identity-verify/contract';
import { maskIdCard, maskMobile, maskName } from '../journal/mask.js';
import type { ReceivedRequest } from './auth.types.js';
import { stringToSign, type SignedText } from './string-to-sign.js';

/**
 * The part of the string to sign that `Invalid Signature` returns. The real gateway returns all of it, including name
 * and ID number.
 */
export type SignatureEcho = 'masked' | 'off' | 'raw';

const HIDDEN = '***';

/** The parameters of the API with their masks. Unknown names are masked as free text. */
const PARAMETERS: ReadonlyMap<string, (value: string) => string> = new Map([
  ['name', maskName],
  ['idcard', maskIdCard],
  ['mobile', maskMobile],
  [ENDPOINT.keyField, () => HIDDEN],
]);

/** The headers that the gateway uses, in lower case. */
const HEADERS: ReadonlySet<string> = new Set([
  'x-ca-key',
  'x-ca-nonce',
  'x-ca-stage',
  'x-ca-timestamp',
  'x-ca-signature-method',
]);

/** Common media types. Any other value is masked. */
const MEDIA_TYPE =
  /^(?:\*\/\*|application\/(?:json|x-www-form-urlencoded|octet-stream)|text\/(?:json|plain|html))(?:\s*;\s*charset=utf-8)?$/i;

const showMediaTypes = (value: string) =>
  value === '' || value.split(',').every((type) => MEDIA_TYPE.test(type.trim())) ? value : HIDDEN;

/** Keeps the order of the string and the known names. Masks all values that a client chooses freely. */
const MASKED: SignedText = {
  field: (name, value) => (name === 'accept' || name === 'content-type' ? showMediaTypes(value) : value && HIDDEN),
  header: (name) => `${HEADERS.has(name.toLowerCase()) ? name : HIDDEN}:${HIDDEN}`,
  path: (path) => (path === ENDPOINT.path ? path : `/${HIDDEN}`),
  parameter: (name, value) => {
    const mask = PARAMETERS.get(name);
    if (value === '') return mask ? name : HIDDEN;
    return mask ? `${name}=${mask(value)}` : `${HIDDEN}=${HIDDEN}`;
  },
};

/** Formats the string to sign on one line. Like the gateway, it writes `#` for a line break. */
export function echoed(request: ReceivedRequest, echo: SignatureEcho): string {
  if (echo === 'off') return '';
  return stringToSign(request, echo === 'raw' ? undefined : MASKED).replaceAll(/[\r\n]/g, '#');
}
