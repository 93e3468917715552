import type { NestExpressApplication } from '@nestjs/platform-express';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Serves the page and the validation rules of the module. The rules are ES modules without dependencies, so the browser
 * runs the same code as the service.
 */
export function servePage(app: NestExpressApplication): void {
  // The path is the same from `src` and from `dist`.
  app.useStaticAssets(join(import.meta.dirname, '..', '..', 'public'), { index: 'index.html' });
  const manifest = createRequire(import.meta.url).resolve('@identity-verify/nestjs/package.json');
  app.useStaticAssets(join(dirname(manifest), 'dist', 'esm', 'identity'), { prefix: '/rules/', index: false });
}
