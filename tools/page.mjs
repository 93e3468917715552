// Writes the files of the mock's page, and the kit that it is made of, into a module of the mock, so that both builds of the
// package include them and nothing is read from disk. `pnpm install` and each
// build run this.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageFilesModule } from './lib/page.files.mjs';

const target = join(import.meta.dirname, '..', 'packages/mock-server/src/page/page.files.ts');
const wanted = pageFilesModule();
let present = '';
try {
  present = readFileSync(target, 'utf8');
} catch {
  // The first time.
}
// Left alone if it is right, so that the compiler finds nothing to do.
if (present !== wanted) writeFileSync(target, wanted);
