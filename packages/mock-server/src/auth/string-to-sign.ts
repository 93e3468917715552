import { parseQuery, type Params } from '../wire/form.parser.js';
import type { ReceivedRequest } from './auth.types.js';

/** Headers with a fixed position in the string, or that are never signed. */
const NEVER_SIGNED = new Set([
  'x-ca-signature',
  'x-ca-signature-headers',
  'accept',
  'content-md5',
  'content-type',
  'date',
]);

/** Returns the value of a header as it is signed. */
export function headerValue(request: ReceivedRequest, name: string): string {
  const value = request.headers[name.toLowerCase()];
  return typeof value === 'string' ? value : (value?.join(',') ?? '');
}

/** Formats the parts of the string: as signed, or masked for the echo. */
export interface SignedText {
  /** The value of a header with a fixed position: accept, content-md5, content-type or date. */
  field(name: string, value: string): string;
  /** A signed header with its value. */
  header(name: string, value: string): string;
  path(path: string): string;
  /** A parameter with its decoded value, which may be empty. */
  parameter(name: string, value: string): string;
}

const AS_SIGNED: SignedText = {
  field: (_, value) => value,
  header: (name, value) => `${name}:${value}`,
  path: (path) => path,
  // A parameter without a value is signed without the equals sign.
  parameter: (name, value) => (value === '' ? name : `${name}=${value}`),
};

/**
 * Builds the string to sign. Header names keep the spelling of the client: lower-casing them would refuse the Java,
 * Python and PHP clients of the vendor.
 */
export function stringToSign(request: ReceivedRequest, text: SignedText = AS_SIGNED): string {
  const signed = listedHeaders(request)
    .filter((name) => name !== '' && !NEVER_SIGNED.has(name.toLowerCase()))
    .sort()
    .map((name) => `${text.header(name, headerValue(request, name))}\n`)
    .join('');
  const fields = ['accept', 'content-md5', 'content-type', 'date'].map((name) =>
    text.field(name, headerValue(request, name)),
  );
  return [request.method, ...fields, signed + pathAndParameters(request, text)].join('\n');
}

/** The names in `X-Ca-Signature-Headers`, in their original spelling. */
export function listedHeaders(request: ReceivedRequest): string[] {
  return headerValue(request, 'x-ca-signature-headers')
    .split(',')
    .map((name) => name.trim());
}

/** Merges query and form, decoded and sorted by name. The form takes precedence. */
function pathAndParameters({ url, form }: ReceivedRequest, text: SignedText): string {
  const question = url.indexOf('?');
  const path = text.path(question < 0 ? url : url.slice(0, question));
  const query: Params = (question < 0 ? undefined : parseQuery(url.slice(question + 1))) ?? new Map();
  const merged = new Map([...query, ...(form ?? [])]);
  if (merged.size === 0) return path;
  const pairs = [...merged.keys()].sort().map((name) => text.parameter(name, merged.get(name) ?? ''));
  return `${path}?${pairs.join('&')}`;
}
