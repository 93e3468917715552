import { createHmac } from 'node:crypto';

/** What a signature is computed over. */
export interface SigningInput {
  readonly method: string;
  readonly path: string;
  readonly accept: string;
  readonly contentType: string;
  /** Headers to be signed, by the exact names under which they are sent and listed. */
  readonly headers: Readonly<Record<string, string>>;
  /** Form fields, decoded. */
  readonly form: Readonly<Record<string, string>>;
}

/**
 * The text that the gateway signs: method, Accept, Content-MD5, Content-Type and Date, a line each even when empty (a
 * form carries no Content-MD5, and no Date is sent); the signed headers, sorted; the path with the form fields, sorted
 * and decoded, an empty value as its bare key. Source: the gateway's Java and Node SDKs.
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

/** The value of `X-Ca-Signature`: base64 of HMAC-SHA256, everything in UTF-8. */
export function sign(input: SigningInput, appSecret: string): string {
  return createHmac('sha256', appSecret).update(stringToSign(input), 'utf8').digest('base64');
}
