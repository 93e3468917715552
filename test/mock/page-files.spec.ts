import { SCENARIOS, startMockServer, type MockServer } from '@identity-verify/mock-server';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pageFilesModule } from '../../tools/lib/page.files.mjs';

const MOCK = join(import.meta.dirname, '..', '..', 'packages', 'mock-server');
const PAGE = join(MOCK, 'page');

const importPage = (name: string): Promise<unknown> => import(pathToFileURL(join(PAGE, name)).href);

const { TEXTS } = (await importPage('texts.js')) as { TEXTS: Record<'en' | 'zh', Record<string, string>> };
const { curlOf, testOf } = (await importPage('snippets.js')) as {
  curlOf: (scenario: { curl: string }, appCode: string | undefined) => string;
  testOf: (of: object) => string;
};

it('the embedded files are those of the folders: run `node tools/page.mjs` after a change', async () => {
  expect(await readFile(join(MOCK, 'src', 'page', 'page.files.ts'), 'utf8')).toBe(pageFilesModule());
});

describe('the served files', () => {
  let mock: MockServer;
  beforeAll(async () => {
    mock = await startMockServer({ port: 0 });
  });
  afterAll(() => mock.close());

  it('are those of the folders, byte by byte, under a strict policy', async () => {
    const names = (await readdir(PAGE)).filter((name) => /\.(?:js|css|svg)$/.test(name));
    for (const name of names) {
      const reply = await fetch(`${mock.url}/__page/${name}`);
      expect([name, await reply.text()]).toEqual([name, await readFile(join(PAGE, name), 'utf8')]);
    }
    const { headers } = await fetch(`${mock.url}/`);
    const policy = headers.get('Content-Security-Policy') ?? '';
    expect(policy).toMatch(/default-src 'none'.*script-src 'self';/);
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:|blob:/);
  });

  it('include everything that the page asks for, and the names of every stage, scope and kind', async () => {
    const html = await (await fetch(`${mock.url}/`)).text();
    for (const [, path = ''] of html.matchAll(/(?:href|src)="(\/__page\/[^"]+)"/g)) {
      expect([path, (await fetch(mock.url + path)).status]).toEqual([path, 200]);
    }
    const { components } = (await (await fetch(`${mock.url}/openapi.json`)).json()) as {
      components: {
        schemas: Record<string, { properties: Record<string, { enum: string[] }> }>;
      };
    };
    const { JournalEntry, ThrottleRequest, QuotaRequest } = components.schemas;
    const named = [
      ...(JournalEntry?.properties['decidedBy']?.enum ?? []).map((stage) => `stage_${stage}`),
      ...(JournalEntry?.properties['channel']?.enum ?? []).map((channel) => `channel_${channel}`),
      ...(JournalEntry?.properties['billed']?.enum ?? []).map((billed) => `billed_${billed}`),
      ...(ThrottleRequest?.properties['scope']?.enum ?? []).map((scope) => `scope_${scope}`),
      ...(QuotaRequest?.properties['answeredBy']?.enum ?? []).map((who) => `answeredBy_${who}`),
    ];
    expect(named.length).toBeGreaterThan(25);
    for (const key of named) expect(TEXTS.en).toHaveProperty(key);
  });
});

describe('the texts of the page', () => {
  it('have the same keys and placeholders in both languages, and none is empty', () => {
    const placesOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted();
    expect(Object.keys(TEXTS.zh)).toEqual(Object.keys(TEXTS.en));
    for (const [key, english] of Object.entries(TEXTS.en)) {
      expect([key, placesOf(TEXTS.zh[key] ?? '')]).toEqual([key, placesOf(english)]);
      expect([english, TEXTS.zh[key]]).not.toContain('');
    }
  });

  it('include every key of the markup', async () => {
    const html = await readFile(join(PAGE, 'index.html'), 'utf8');
    const keys = [...html.matchAll(/data-(?:text|label|placeholder|tip)="(\w+)"/g)].map(([, key = '']) => key);
    for (const key of keys) expect(TEXTS.en).toHaveProperty(key);
  });
});

describe('the lines to copy', () => {
  const curl = "curl -i -m 5 -H 'Authorization: APPCODE demo' --data-urlencode name=测试甲 http://127.0.0.1:1979/";

  it.each(["it's", "'; id; '", '$(id) `id` "x" \\', "$& $' $` $1 $$", '测试'])('quote the AppCode %s', (appCode) => {
    const quoted = `'Authorization: APPCODE ${appCode.split("'").join(String.raw`'\''`)}'`;
    expect(curlOf({ curl }, appCode)).toBe(curl.split("'Authorization: APPCODE demo'").join(quoted));
  });

  it('quote every AppCode, so that a shell reads exactly that', () => {
    const unit = fc.constantFrom("'", '$', '&', '`', '\\', '"', 'a', ' ');
    fc.assert(
      fc.property(fc.string({ unit }), (appCode) => {
        const header = /-H ((?:'[^']*'|\\')+) --data/.exec(curlOf({ curl }, appCode))?.[1] ?? '';
        const read = header.replaceAll(
          /'([^']*)'|\\(')/g,
          (_, quoted: string | undefined, escaped) => quoted ?? escaped,
        );
        expect(read).toBe(`Authorization: APPCODE ${appCode}`);
      }),
    );
  });

  it('take an AppCode that the page does not know from the environment', () => {
    expect(curlOf({ curl }, undefined)).toContain('-H "Authorization: APPCODE $IDENTITY_VERIFY_APP_CODE"');
  });

  it('are a test that compiles and runs, for every scenario', async () => {
    const AsyncFunction = (async () => {}).constructor as new (
      ...args: string[]
    ) => (start: typeof startMockServer) => Promise<void>;
    const sample = SCENARIOS.filter(({ effect }) => effect.kind === 'gateway').slice(0, 2);
    for (const { id } of [...SCENARIOS.slice(0, 3), ...sample]) {
      const source = testOf({ scenario: id, latencyMs: 0, httpStatus: null, isGateway: false, ask: 'ask' });
      expect(source).toContain(`scenario: '${id}'`);
      const body = source
        .replace(/^import .*$/m, '')
        .replace(
          /^\/\/ ask.*$/m,
          `await fetch(mock.url + '/communication/personal/1979', { method: 'POST', headers: { Authorization: 'APPCODE app-code-of-this-test' }, body: new URLSearchParams({ name: '测试甲', idcard: '110101190001010014', mobile: '16000020001' }) });`,
        );
      await new AsyncFunction('startMockServer', body)(startMockServer);
    }
  });
});
