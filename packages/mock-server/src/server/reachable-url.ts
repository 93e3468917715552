import type { AddressInfo } from 'node:net';

/** An address that means every address of the machine, and the one of them by which the machine reaches itself. */
const LOOPBACK_OF: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Base address by which this machine can call a server, without a slash at the end. */
export function reachableUrl(scheme: 'http' | 'https', { address, family, port }: AddressInfo): string {
  const host = LOOPBACK_OF[address] ?? address;
  return `${scheme}://${family === 'IPv6' ? `[${host}]` : host}:${port}`;
}
