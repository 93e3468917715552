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
  return { method: ENDPOINT.method, url: url.href, headers, body: new URLSearchParams(form).toString() };
}
