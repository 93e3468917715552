import { describe, expect, it } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const WORKSPACE = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFile(join(WORKSPACE, path), 'utf8');

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly publishConfig?: { readonly provenance?: boolean };
  readonly repository?: { readonly directory?: string };
  readonly keywords?: readonly string[];
  readonly private?: boolean;
}

const packages = await Promise.all(
  (await readdir(join(WORKSPACE, 'packages'))).map(async (name) => ({
    name,
    manifest: JSON.parse(await read(`packages/${name}/package.json`)) as Manifest,
  })),
);
const published = packages.filter(({ manifest }) => !manifest.private);

/** The rows of a page's tables that name a test: its file, and the beginning of its title. */
function namedTests(page: string): { file: string; title: string }[] {
  return [...page.matchAll(/\| `([^`]+\.ts)`: (.+?) +\|$/gm)].map(([, file = '', title = '']) => ({ file, title }));
}

describe('the threat model', () => {
  it('names a test for each threat, and each exists', async () => {
    const page = await read('docs/security/threat-model.md');
    const threats = page.split(/^## /m).filter((section) => section.includes('stands against it'));
    expect(threats.length).toBeGreaterThanOrEqual(10);
    const missing: string[] = [];
    for (const threat of threats) {
      const tests = namedTests(threat);
      const rows = threat.match(/^\| (?!stands against it|-)/gm)?.length;
      if (tests.length === 0 || tests.length !== rows) missing.push(`${threat.split('\n')[0]}: a row names no test`);
      for (const { file, title } of tests) {
        const source = await read(file).catch(() => '');
        const escaped = title.replaceAll(/[$.*+?^{}()|[\]\\]/g, String.raw`\$&`);
        if (!new RegExp(`['"\`]${escaped}`).test(source)) missing.push(`${file}: ${title}`);
      }
    }
    expect(missing).toEqual([]);
  });
});

/**
 * Versions with a published flaw: from the first, up to the one that mended it. Only packages that the published ones bring along
 * or ask for.
 */
const KNOWN_BAD: readonly (readonly [name: string, from: string, mended: string, flaw: string])[] = [
  ['@nestjs/common', '11.0.0', '11.0.16', 'CVE-2024-29409: file type by header'],
  ['ajv', '0.0.0', '6.12.3', 'CVE-2020-15366: prototype pollution'],
  ['axios', '0.0.0', '1.8.2', 'CVE-2025-27152: requests to another host, and credentials with them'],
  ['axios', '1.8.2', '1.12.0', 'CVE-2025-58754: unlimited memory by data URLs'],
  ['axios', '1.12.0', '1.13.5', 'CVE-2026-25639: denial of service by `__proto__`'],
  ['fast-uri', '0.0.0', '3.1.1', 'CVE-2026-6321: path traversal by encoded dots'],
  ['axios', '1.13.5', '1.15.1', 'CVE-2025-62718, CVE-2026-40175 and CVE-2026-42035'],
  ['body-parser', '2.2.0', '2.2.1', 'CVE-2025-13466: denial of service'],
  ['class-validator', '0.0.0', '0.14.0', 'CVE-2019-18413: unknown values pass'],
  ['cookie', '0.0.0', '0.7.0', 'CVE-2024-47764: injection into a cookie'],
  ['express', '5.0.0-alpha', '5.0.0', 'CVE-2024-43796: script in a redirect'],
  ['follow-redirects', '0.0.0', '1.15.6', 'CVE-2024-28849: credentials to another host'],
  ['form-data', '4.0.0', '4.0.4', 'CVE-2025-7783: boundaries that can be guessed'],
  ['path-to-regexp', '0.0.0', '0.1.12', 'CVE-2024-52798: slow expressions'],
  ['qs', '0.0.0', '6.14.1', 'CVE-2025-15284: unlimited arrays'],
  ['send', '0.0.0', '0.19.0', 'CVE-2024-43799: script in a redirect'],
  [
    'undici',
    '6.0.0',
    '6.24.0',
    'CVE-2025-22150, CVE-2025-47279, CVE-2026-1525 and others: boundaries, memory, smuggling',
  ],
  [
    'undici',
    '7.0.0',
    '7.24.0',
    'CVE-2025-22150, CVE-2025-47279, CVE-2026-1525 and others: boundaries, memory, smuggling',
  ],
  ['validator', '0.0.0', '13.15.22', 'CVE-2025-56200 and CVE-2025-12758: URLs and lengths that pass'],
  ['ws', '8.0.0', '8.17.1', 'CVE-2024-37890: denial of service by headers'],
];

/** Compares by the three numbers; a prerelease is below its release. */
function isBelow(version: string, other: string): boolean {
  const [a = [], b = []] = [version, other].map((each) => each.split(/[.-]/).slice(0, 3).map(Number));
  const at = a.findIndex((part, index) => part !== b[index]);
  return at === -1 ? version.includes('-') && !other.includes('-') : (a[at] ?? 0) < (b[at] ?? 0);
}

/** What is installed, as `name@version`, by the folders of pnpm's store. */
async function installed(): Promise<{ name: string; version: string }[]> {
  const folders = await readdir(join(WORKSPACE, 'node_modules', '.pnpm'));
  return folders.flatMap((folder) => {
    const [, name, version] = /^(@?[^@]+)@([^_(]+)/.exec(folder) ?? [];
    return name === undefined || version === undefined ? [] : [{ name: name.replace('+', '/'), version }];
  });
}

describe('the dependencies', () => {
  it('every runtime dependency of a published package is reviewed', async () => {
    const page = await read('docs/security/dependencies.md');
    const unreviewed = published.flatMap(({ name, manifest }) =>
      Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
        .filter((each) => !each.startsWith('@identity-verify/'))
        .filter(
          (each) => !page.split('\n').some((line) => line.startsWith(`| \`${name}\``) && line.includes(`\`${each}\``)),
        )
        .map((each) => `${name}: ${each}`),
    );
    expect(unreviewed).toEqual([]);
  });

  it('no installed version is known to be bad', async () => {
    const found = await installed();
    const names = new Set(found.map(({ name }) => name));
    // A flaw of something that is not installed any more protects nothing.
    expect(KNOWN_BAD.map(([name]) => name).filter((name) => !names.has(name))).toEqual([]);
    const bad = found.flatMap(({ name, version }) =>
      KNOWN_BAD.filter(([of, from, mended]) => of === name && !isBelow(version, from) && isBelow(version, mended)).map(
        ([, , , flaw]) => `${name}@${version}: ${flaw}`,
      ),
    );
    expect(bad).toEqual([]);
  });

  it('would find a bad version', () => {
    expect(isBelow('1.8.1', '1.8.2')).toBe(true);
    expect(isBelow('1.10.0', '1.8.2')).toBe(false);
    expect(isBelow('5.0.0-beta.3', '5.0.0')).toBe(true);
    expect(isBelow('5.0.0', '5.0.0')).toBe(false);
  });

  it('no dependency runs an install script', async () => {
    const workspace = await read('pnpm-workspace.yaml');
    const [, allowed = ''] = /^allowBuilds:\n((?: .*\n?)+)/m.exec(workspace) ?? [];
    const rows = allowed.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((line) => !line.endsWith(': false'))).toEqual([]);
  });

  it('each ledger and the mock bring no second copy of what the application has', () => {
    const shared = ['@nestjs/common', '@nestjs/core', 'axios', 'rxjs', 'reflect-metadata', '@identity-verify/nestjs'];
    const copies = published.flatMap(({ name, manifest }) =>
      shared.filter((each) => manifest.dependencies?.[each] !== undefined).map((each) => `${name}: ${each}`),
    );
    expect(copies).toEqual([]);
  });
});

describe.each(published)('packages/$name', ({ name, manifest }) => {
  it('is published with provenance, by the release workflow alone', async () => {
    expect(manifest.publishConfig?.provenance).toBe(true);
    const workflow = await read('.github/workflows/release.yml');
    expect(workflow).toMatch(/^ +id-token: write/m);
    expect(workflow).not.toMatch(/NPM_TOKEN|NODE_AUTH_TOKEN/);
  });

  it('says where its sources are, and what it is about', () => {
    expect(manifest.repository?.directory).toBe(`packages/${name}`);
    expect(manifest.keywords?.length).toBeGreaterThan(3);
  });
});
