// The packages are ES modules ("type": "module"), so the CommonJS build needs its own manifest. The compiler does not
// delete the output of removed sources, which must not be published, so it is deleted here.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(import.meta.dirname, '..', 'packages');
for (const name of readdirSync(packages)) {
  for (const format of ['esm', 'cjs']) {
    const build = join(packages, name, 'dist', format);
    if (!existsSync(build)) continue;
    for (const made of readdirSync(build, { recursive: true })) {
      const source = /^(.+?)(?:\.d)?\.[jt]s(?:\.map)?$/.exec(made)?.[1];
      if (source && !existsSync(join(packages, name, 'src', `${source}.ts`))) rmSync(join(build, made));
    }
    if (format === 'cjs') writeFileSync(join(build, 'package.json'), '{ "type": "commonjs" }\n');
  }
}
