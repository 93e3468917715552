import { isIP } from 'node:net';
import type { TlsCredentials } from './mock-options.types.js';

/**
 * Creates a self-signed certificate for this run. Its key never leaves the process.
 *
 * @param host the listening address, added to `localhost` and the loopback addresses
 */
export async function selfSignedCertificate(host: string): Promise<TlsCredentials> {
  // Loaded only for TLS, because loading takes longer than the rest of the start.
  const { generate } = await import('selfsigned');
  const names = [...new Set(['localhost', '127.0.0.1', '::1', host])];
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'identity-verify-mock' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) =>
          isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
        ),
      },
    ],
  });
  return { cert, key };
}
