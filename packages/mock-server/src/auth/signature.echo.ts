import { ENDPOINT } from '@identity-verify/contract';
import { maskIdCard, maskMobile, maskName } from '../journal/mask.js';
import type { ReceivedRequest } from './auth.types.js';
import { stringToSign, type SignedText } from './string-to-sign.js';

/** How much of the string to sign an `Invalid Signature` tells. The real gateway tells all of it, name and ID number too. */
export type SignatureEcho = 'masked' | 'off' | 'raw';

const HIDDEN = '***';

/** Parameters that the API has, and how their values are masked. A name that it does not have is free text. */
const PARAMETERS: ReadonlyMap<string, (value: string) => string> = new Map([
  ['name', maskName],
  ['idcard', maskIdCard],
  ['mobile', maskMobile],
  [ENDPOINT.keyField, () => HIDDEN],
]);

/** Headers that the gateway has, in lower case. */
const HEADERS: ReadonlySet<string> = new Set([
  'x-ca-key',
  'x-ca-nonce',
  'x-ca-stage',
  'x-ca-timestamp',
  'x-ca-signature-method',
]);

/** Media types that clients send; another text may be anything. */
const MEDIA_TYPE =
  /^(?:\*\/\*|application\/(?:json|x-www-form-urlencoded|octet-stream)|text\/(?:json|plain|html))(?:\s*;\s*charset=utf-8)?$/i;

const showMediaTypes = (value: string) =>
  value === '' || value.split(',').every((type) => MEDIA_TYPE.test(type.trim())) ? value : HIDDEN;

/** Shows the order of the string and the names that are known. Whatever a client may have written freely is hidden. */
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

/** What is told of the string to sign, in one line: the gateway writes `#` for a line break. */
export function echoed(request: ReceivedRequest, echo: SignatureEcho): string {
  if (echo === 'off') return '';
  return stringToSign(request, echo === 'raw' ? undefined : MASKED).replaceAll(/[\r\n]/g, '#');
}
