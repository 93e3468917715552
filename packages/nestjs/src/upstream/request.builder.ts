import { ENDPOINT, GATEWAY_HEADERS } from '@identity-verify/contract';
import { randomUUID } from 'node:crypto';
import type { Identity } from '../identity/identity.check.js';
import type { ResolvedCredentials } from '../accounts/credentials.js';
import { sign } from './signature.signer.js';
import type { WireRequest } from './transport.port.js';

const ACCEPT = 'application/json';

/** Returns the URL of the API on a host. */
export function endpointOf(baseUrl: string): URL {
  return new URL(ENDPOINT.path, baseUrl);
}

/** Characters for which `encodeURIComponent` gives what `URLSearchParams` does. */
const ALIKE = /^[0-9A-Za-z\u0080-\ud7ff]*$/;
const UNRESERVED = /^[0-9A-Za-z]*$/;

/** Encodes a form as `URLSearchParams` does, in a third of its time for names, ID numbers and mobiles. */
export function encodeForm(form: Readonly<Record<string, string>>): string {
  let encoded = '';
  for (const field in form) encoded += `${encoded === '' ? '' : '&'}${encode(field)}=${encode(form[field] ?? '')}`;
  return encoded;
}

function encode(text: string): string {
  if (UNRESERVED.test(text)) return text;
  return ALIKE.test(text) ? encodeURIComponent(text) : new URLSearchParams([['', text]]).toString().slice(1);
}

/** Builds the request of one attempt. A signed request gets a new timestamp and nonce each time. */
export function buildRequest(
  url: URL,
  { name, idCard, mobile }: Identity,
  credentials: ResolvedCredentials,
  now: number,
): WireRequest {
  const form: Record<string, string> = { name, idcard: idCard, mobile };
  const headers: Record<string, string> = {
    Accept: ACCEPT,
    'Accept-Encoding': 'identity',
    'Content-Type': ENDPOINT.contentType,
  };
  if (credentials.kind === 'app_code') {
    headers['Authorization'] = `${ENDPOINT.authorizationScheme} ${credentials.appCode.open()}`;
  } else if (credentials.kind === 'key') {
    form[ENDPOINT.keyField] = credentials.key.open();
  } else {
    const signed = {
      [GATEWAY_HEADERS.key]: credentials.appKey.open(),
      [GATEWAY_HEADERS.nonce]: randomUUID(),
      [GATEWAY_HEADERS.timestamp]: String(now),
    };
    Object.assign(headers, signed, {
      [GATEWAY_HEADERS.signatureHeaders]: Object.keys(signed).sort().join(','),
      [GATEWAY_HEADERS.signature]: sign(
        {
          method: ENDPOINT.method,
          path: url.pathname,
          accept: ACCEPT,
          contentType: ENDPOINT.contentType,
          headers: signed,
          form,
        },
        credentials.appSecret.open(),
      ),
    });
  }
  return { method: ENDPOINT.method, url: url.href, headers, body: encodeForm(form) };
}
