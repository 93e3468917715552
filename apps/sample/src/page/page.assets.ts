import type { NestExpressApplication } from '@nestjs/platform-express';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Serves the page, the components that it shares with the mock's page, and the validation rules of the module. The rules
 * are ES modules without dependencies, so the browser runs the same code as the service.
 */
export function servePage(app: NestExpressApplication): void {
  // The path is the same from `src` and from `dist`.
  app.useStaticAssets(join(import.meta.dirname, '..', '..', 'public'), { index: 'index.html' });
  app.useStaticAssets(folderOf('@identity-verify/page-kit', 'kit'), { prefix: '/kit/', index: false });
  app.useStaticAssets(folderOf('@identity-verify/nestjs', 'dist', 'esm', 'identity'), {
    prefix: '/rules/',
    index: false,
  });
}

/** A folder of a package. */
function folderOf(name: string, ...path: readonly string[]): string {
  return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), ...path);
}
