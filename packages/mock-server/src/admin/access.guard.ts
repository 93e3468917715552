import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { isSameOrigin } from '../wire/cross-site.js';
import { AdminError } from './operation.types.js';

/** The access rules of the admin API and the page. */
export interface AccessSettings {
  readonly allowedHosts: readonly string[];
  readonly adminToken: string | undefined;
}

/**
 * Refuses requests that the page of another site sends. A page that binds its name to 127.0.0.1 (DNS rebinding) sends
 * that name in Host; a page of another origin sends its Origin. An IP address in Host cannot be rebound.
 *
 * @throws AdminError 403
 */
export function guardHostAndOrigin(request: IncomingMessage, { allowedHosts }: AccessSettings): void {
  const { host = '', origin } = request.headers;
  const name = host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  if (name !== 'localhost' && isIP(name) === 0 && !allowedHosts.includes(name)) {
    throw new AdminError(
      403,
      'host_refused',
      'This Host may not use the admin API. Call it by address or as localhost, or name the host in allowedHosts.',
    );
  }
  if (origin !== undefined && !isSameOrigin(origin, host)) {
    throw new AdminError(403, 'origin_refused', 'Another web page may not use the admin API.');
  }
}

/** @throws AdminError 401 if the mock has an admin token and the request does not present it */
export function guardAdminToken(request: IncomingMessage, { adminToken }: AccessSettings): void {
  if (adminToken === undefined) return;
  const presented = request.headers['x-mock-admin-token'];
  if (typeof presented === 'string' && timingSafeEqual(digest(presented), digest(adminToken))) return;
  throw new AdminError(401, 'admin_token_missing', 'Send the admin token of this mock as X-Mock-Admin-Token.');
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
