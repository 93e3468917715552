import { createHmac } from 'node:crypto';

/** The parts of a request that its signature covers. */
export interface SigningInput {
  readonly method: string;
  readonly path: string;
  readonly accept: string;
  readonly contentType: string;
  /** The headers to sign, under the exact names in which they are sent and listed. */
  readonly headers: Readonly<Record<string, string>>;
  /** The form fields, decoded. */
  readonly form: Readonly<Record<string, string>>;
}

/**
 * Returns the text that the gateway signs: method, Accept, Content-MD5, Content-Type and Date, one per line even if
 * empty (a form has no Content-MD5, and no Date is sent); the signed headers, sorted; then the path with the form
 * fields, sorted and decoded. A field with an empty value is written as its key alone. Source: the gateway's Java and
 * Node SDKs.
 */
export function stringToSign({ method, path, accept, contentType, headers, form }: SigningInput): string {
  const signedHeaders = Object.keys(headers)
    .sort()
    .map((name) => `${name}:${headers[name]}\n`)
    .join('');
  const fields = Object.keys(form)
    .sort()
    .map((name) => (form[name] === '' ? name : `${name}=${form[name]}`))
    .join('&');
  return `${method}\n${accept}\n\n${contentType}\n\n${signedHeaders}${path}${fields === '' ? '' : `?${fields}`}`;
}

/** Returns the value of `X-Ca-Signature`: base64 of HMAC-SHA256, in UTF-8. */
export function sign(input: SigningInput, appSecret: string): string {
  return createHmac('sha256', appSecret).update(stringToSign(input), 'utf8').digest('base64');
}
