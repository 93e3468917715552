import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The floor: 360 and QQ browsers are built on about this version. */
const CHROME = 100;

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDERS = [
  'packages/page-kit/kit',
  'packages/mock-server/page',
  'apps/sample/public',
  // The rules of the input, which the sample's page loads.
  'packages/nestjs/dist/esm/identity',
];

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => /\.(?:js|css)$/.test(name))
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(join(ROOT, folder, name), 'utf8') })),
);

interface Support {
  readonly version_added: string | boolean | null;
  readonly prefix?: string;
  readonly flags?: unknown;
}
interface Feature {
  readonly __compat?: { readonly support: { readonly chrome?: Support | readonly Support[] } };
  readonly [name: string]: unknown;
}

/** MDN's data: which version of a browser has what. */
const mdn = createRequire(import.meta.url)('@mdn/browser-compat-data') as Readonly<
  Record<'api' | 'css' | 'javascript', Feature>
>;

/** The first version of Chrome that has a feature; Infinity if none has; undefined if MDN does not say. */
function since(feature: Feature | undefined): number | undefined {
  const chrome = feature?.['__compat']?.support.chrome;
  if (chrome === undefined) return undefined;
  const versions = [chrome].flat().map(({ version_added: version, flags, prefix }) => {
    if (flags !== undefined || prefix !== undefined || version === null || version === false) return Infinity;
    return version === true ? 0 : Number.parseInt(version.replace('≤', ''), 10);
  });
  return Math.min(...versions);
}

/** Adds to `found` each name with the earliest version of Chrome that has any feature of that name. */
function collect(tree: Feature, found: Map<string, number>, depth: number): void {
  for (const [name, value] of Object.entries(tree)) {
    if (name === '__compat' || typeof value !== 'object' || value === null) continue;
    const feature = value as Feature;
    const version = since(feature);
    const plain = name.replace(/_static$/, '');
    if (version !== undefined) found.set(plain, Math.min(version, found.get(plain) ?? Infinity));
    if (depth > 1) collect(feature, found, depth - 1);
  }
}

const members = new Map<string, number>();
collect(mdn.api, members, 2);
collect((mdn.javascript as unknown as { readonly builtins: Feature }).builtins, members, 3);

const css = mdn.css as unknown as Readonly<Record<'properties' | 'at-rules' | 'selectors' | 'types', Feature>>;
const functions = new Map<string, number>();
collect(css.types, functions, 3);
const child = (tree: Feature, name: string) => tree[name] as Feature | undefined;

/** Methods of our own that are called like something new. */
const OWN = new Set(['use']);

/** What no Chrome has at all is for another browser, and stands beside something that Chrome has. */
const tooNew = (used: readonly (readonly [what: string, version: number | undefined])[]) =>
  used.flatMap(([what, version = 0]) => (version > CHROME && version < Infinity ? [`${what} (${version})`] : []));

/** What a style sheet uses that Chrome 100 does not have, with the version that does. */
function tooNewStyle(sheet: string): string[] {
  const text = sheet.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/'[^']*'|"[^"]*"/g, "''");
  const used: [what: string, version: number | undefined][] = [];
  for (const [, name = ''] of text.matchAll(/@([a-z-]+)/g))
    used.push([`@${name}`, since(child(css['at-rules'], name))]);
  for (const [, name = ''] of text.matchAll(/(?<!:):{1,2}([a-z-]+)/g)) {
    // A declaration without a blank after its colon is not written here: prettier puts one there.
    used.push([`:${name}`, since(child(css.selectors, name))]);
  }
  for (const [, name = ''] of text.matchAll(/([a-z-]+)\(/g)) used.push([`${name}()`, functions.get(name)]);
  for (const [, unit = ''] of text.matchAll(/\b\d+(?:\.\d+)?([dsl]v[hwib]|cq[whib]|lh|rlh|cap|ic)\b/g)) {
    used.push([unit, 108]);
  }
  for (const [, name = '', value = ''] of text.matchAll(/[{;\s]([a-z-]+):\s+([^;{}]+);/g)) {
    const property = child(css.properties, name);
    used.push([name, since(property)]);
    for (const word of value.split(/[\s,()]+/)) {
      const feature = property && child(property, word.replaceAll('-', '_'));
      used.push([`${name}: ${word}`, since(feature ?? (property && child(property, word)))]);
    }
  }
  // A rule inside a rule that is not an at-rule.
  if (/\{[^{}@]*[^{}@;\s][^{};]*\{/.test(text.replaceAll(/@[^{;]*\{/g, '@at{').replaceAll('@at{', ''))) {
    used.push(['nesting', 120]);
  }
  return tooNew(used);
}

/**
 * What a script uses that Chrome 100 does not have: classes, static members of a class, and methods whose name no feature
 * has that is old enough. The names of own properties are nobody's, so only what is called counts. New methods of built-in
 * objects do not compile either.
 */
function tooNewScript(script: string): string[] {
  const code = script.replaceAll(/\/\*[^]*?\*\/|(?<![:'"`])\/\/.*$/gm, '');
  const used: [what: string, version: number | undefined][] = [];
  for (const [, name = ''] of code.matchAll(/\bnew ([A-Z]\w*)/g)) used.push([name, since(classOf(name))]);
  for (const [, owner = '', member = ''] of code.matchAll(/\b([A-Z]\w*)\.(\w+)/g)) {
    const feature = classOf(owner);
    used.push([`${owner}.${member}`, since(feature && (child(feature, `${member}_static`) ?? child(feature, member)))]);
  }
  for (const [, name = ''] of code.matchAll(/(?<![A-Z]\w*)\??\.(\w+)\(/g)) {
    if (!OWN.has(name)) used.push([name, members.get(name)]);
  }
  return tooNew(used);
}

const builtins = (mdn.javascript as unknown as { readonly builtins: Feature }).builtins;
const classOf = (name: string) => child(builtins, name) ?? child(mdn.api, name);

describe(`what runs in Chrome ${CHROME}`, () => {
  it.each(files.filter(({ name }) => name.endsWith('.css')))('style: $name', ({ text }) => {
    expect(tooNewStyle(text)).toEqual([]);
  });

  it.each(files.filter(({ name }) => name.endsWith('.js')))('script: $name', ({ text }) => {
    expect(tooNewScript(text)).toEqual([]);
  });

  it.each([
    ['a { color: light-dark(#fff, #000); }', 'light-dark()'],
    ['a { color: color-mix(in srgb, red, blue); }', 'color-mix()'],
    ['a:has(b) { color: red; }', ':has'],
    ['@container (width > 1px) { a { color: red; } }', '@container'],
    ['a { b { color: red; } }', 'nesting'],
    ['a { color: red; & b { color: red; } }', 'nesting'],
    ['a { height: 100dvh; }', 'dvh'],
    ['a { text-wrap: balance; }', 'text-wrap'],
    ['a { field-sizing: content; }', 'field-sizing'],
  ])('does not contain the style %s', (sheet, what) => {
    expect(tooNewStyle(sheet).join()).toContain(what);
  });

  it.each([
    '[].toSorted()',
    'Object.groupBy([], f)',
    'AbortSignal.any([])',
    'Promise.withResolvers()',
    'a.showPopover()',
  ])('does not contain the script %s', (script) => {
    expect(tooNewScript(script)).not.toEqual([]);
  });

  it('contains nothing that looks new and is not', () => {
    expect(tooNewStyle('@media (max-width: 1px) { a:focus-visible { display: grid; gap: 1px; } }')).toEqual([]);
    expect(tooNewScript('list.at(-1); Object.hasOwn(a, b); dialog.showModal(); box.replaceChildren();')).toEqual([]);
  });
});
