// Removes all build output.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
for (const group of ['packages', 'apps']) {
  for (const name of readdirSync(join(root, group))) {
    for (const made of ['dist', '.build']) rmSync(join(root, group, name, made), { recursive: true, force: true });
  }
}
