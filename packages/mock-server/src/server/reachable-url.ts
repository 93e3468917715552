import type { AddressInfo } from 'node:net';

/** Wildcard addresses, and the loopback address through which this machine reaches each. */
const LOOPBACK_OF: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Returns the base URL of a server for this machine, without a trailing slash. */
export function reachableUrl(scheme: 'http' | 'https', { address, family, port }: AddressInfo): string {
  const host = LOOPBACK_OF[address] ?? address;
  return `${scheme}://${family === 'IPv6' ? `[${host}]` : host}:${port}`;
}
