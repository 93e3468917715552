import type { NestExpressApplication } from '@nestjs/platform-express';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Serves the page, and to it the very rules of the module: they are plain ES modules without a dependency, so a browser runs
 * them as they are, and the form can never disagree with the service.
 */
export function servePage(app: NestExpressApplication): void {
  // Beside `src` and beside `dist`.
  app.useStaticAssets(join(import.meta.dirname, '..', '..', 'public'), { index: 'index.html' });
  const manifest = createRequire(import.meta.url).resolve('@identity-verify/nestjs/package.json');
  app.useStaticAssets(join(dirname(manifest), 'dist', 'esm', 'identity'), { prefix: '/rules/', index: false });
}
