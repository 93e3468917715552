// The packages are ES modules ("type": "module"); the CommonJS build beside them is marked by a manifest of its own.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(import.meta.dirname, '..', 'packages');
for (const name of readdirSync(packages)) {
  const build = join(packages, name, 'dist', 'cjs');
  if (existsSync(build)) writeFileSync(join(build, 'package.json'), '{ "type": "commonjs" }\n');
}
