import { parseQuery, type Params } from '../wire/form.parser.js';
import type { ReceivedRequest } from './auth.types.js';

/** Headers that have a place of their own in the string, or cannot be part of it. */
const NEVER_SIGNED = new Set([
  'x-ca-signature',
  'x-ca-signature-headers',
  'accept',
  'content-md5',
  'content-type',
  'date',
]);

/** A header's value as it is signed. */
export function headerValue(request: ReceivedRequest, name: string): string {
  const value = request.headers[name.toLowerCase()];
  return typeof value === 'string' ? value : (value?.join(',') ?? '');
}

/**
 * The string that both sides sign. Header names stand in it exactly as the client lists them: lower-casing them would
 * refuse the vendor's own Java, Python and PHP clients.
 *
 * @param show how a parameter's value appears; the identity for signing, a mask for echoing
 */
export function stringToSign(
  request: ReceivedRequest,
  show: (name: string, value: string) => string = (_, v) => v,
): string {
  const signed = headerValue(request, 'x-ca-signature-headers')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !NEVER_SIGNED.has(name.toLowerCase()))
    .sort()
    .map((name) => `${name}:${headerValue(request, name)}\n`)
    .join('');
  return [
    request.method,
    headerValue(request, 'accept'),
    headerValue(request, 'content-md5'),
    headerValue(request, 'content-type'),
    headerValue(request, 'date'),
    signed + pathAndParameters(request, show),
  ].join('\n');
}

/** Query and form merged (the form wins), sorted by name, decoded; a name without a value stands alone. */
function pathAndParameters({ url, form }: ReceivedRequest, show: (name: string, value: string) => string): string {
  const question = url.indexOf('?');
  const path = question < 0 ? url : url.slice(0, question);
  const query: Params = (question < 0 ? undefined : parseQuery(url.slice(question + 1))) ?? new Map();
  const merged = new Map([...query, ...(form ?? [])]);
  if (merged.size === 0) return path;
  const pairs = [...merged.keys()].sort().map((name) => {
    const value = merged.get(name) ?? '';
    return value === '' ? name : `${name}=${show(name, value)}`;
  });
  return `${path}?${pairs.join('&')}`;
}
