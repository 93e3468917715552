import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from './lib/command-line.mjs';
import { printTable } from './lib/table.mjs';
import { packAll } from './lib/packed/tarballs.mjs';
import { build, ROOT } from './lib/workspace.mjs';

const { values } = readCommandLine(
  `
pnpm release:dry [--publishable]: builds and packs what a release would publish, and checks the tarballs. Offline; publishes
nothing. With --publishable, the address of the repository must be a real one, without which the registry accepts no provenance.
`,
  { publishable: { type: 'boolean', default: false } },
);

const faults = [];
const check = (isRight, fault) => isRight || faults.push(fault);
const folder = mkdtempSync(join(tmpdir(), 'identity-verify-release-'));
try {
  await build();
  const tarballs = await packAll(folder);
  const packed = Object.values(tarballs).map((file) => readTarball(file));
  const [{ manifest: first }] = packed;
  for (const { manifest, files } of packed) {
    const { name, version, license, repository, publishConfig, engines } = manifest;
    check(version === first.version, `${name}: has version ${version}, and another has ${first.version}`);
    check(license === 'MIT' && files.includes('package/LICENSE'), `${name}: has no licence`);
    check(engines?.node !== undefined, `${name}: does not say on which Node it runs`);
    check(publishConfig?.access === 'public' && publishConfig.provenance === true, `${name}: publishConfig`);
    check(repository?.url?.startsWith('git+https:') === true, `${name}: has no repository`);
    check(!values.publishable || !/\.example\//.test(repository.url), `${name}: the repository is a placeholder`);
    check(manifest.scripts === undefined || !('postinstall' in manifest.scripts), `${name}: has an install script`);
    for (const kind of ['dependencies', 'peerDependencies']) {
      for (const [dependency, range] of Object.entries(manifest[kind] ?? {})) {
        check(/^[\^~>=\d]/.test(range), `${name}: ${dependency} has the range ${range}`);
        if (dependency.startsWith('@identity-verify/')) {
          check(range.includes(version), `${name}: wants ${dependency} ${range}, which is not of this release`);
        }
      }
    }
  }
  const rows = packed.map(({ manifest, files, bytes }) => [
    manifest.name,
    manifest.version,
    String(files.length),
    `${Math.ceil(bytes / 1024)} KB`,
    Object.keys(manifest.dependencies ?? {}).join(' '),
  ]);
  printTable(['package', 'version', 'files', 'tarball', 'dependencies'], rows);
  const pending = readdirSync(join(ROOT, '.changeset')).filter((file) => file.endsWith('.md') && file !== 'README.md');
  console.log(`${pending.length} changesets are pending. Nothing was published.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

/** Reads the manifest and the names of the files. */
function readTarball(path) {
  const tar = (...args) => execFileSync('tar', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return {
    manifest: JSON.parse(tar('-xzOf', path, 'package/package.json')),
    files: tar('-tzf', path).trim().split('\n'),
    bytes: readFileSync(path).length,
  };
}
