import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';

/** When the packages count as published. Package managers refuse what was published a moment ago. */
const PUBLISHED_AT = '2026-01-01T00:00:00.000Z';

/**
 * Serves tarballs on loopback as a registry does, so that `add @identity-verify/nestjs` works before anything is published.
 *
 * @param {string[]} tarballs
 * @returns {Promise<{url: string, close: () => Promise<void>}>}
 */
export async function serveTarballs(tarballs) {
  const bodies = new Map();
  const server = createServer((request, response) => {
    const body = bodies.get(decodeURIComponent(request.url.split('?', 1)[0]));
    const type = Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json';
    response.writeHead(body ? 200 : 404, { 'content-type': type, 'cache-control': 'no-store' });
    response.end(body ?? '{"error":"not found"}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  for (const tarball of tarballs) {
    const bytes = readFileSync(tarball);
    const manifest = JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }));
    const { name, version } = manifest;
    const file = `/${name}/-/${basename(tarball)}`;
    const dist = {
      tarball: `${url}${file}`,
      shasum: createHash('sha1').update(bytes).digest('hex'),
      integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    };
    const document = {
      name,
      'dist-tags': { latest: version },
      versions: { [version]: { ...manifest, dist } },
      time: { created: PUBLISHED_AT, modified: PUBLISHED_AT, [version]: PUBLISHED_AT },
    };
    bodies.set(`/${name}`, JSON.stringify(document)).set(file, bytes);
  }
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url, close };
}
