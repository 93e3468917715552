import { createContext, runInContext, type Context } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scenarioView } from '../admin/views.js';
import { SCENARIOS } from '../scenario/scenario.catalogue.js';
import { shellQuoted } from '../text/curl-line.js';
import { PAGE_HTML } from './page.html.js';
import { PAGE_SCRIPT } from './page.script.js';
import { PAGE_TEXTS } from './page.texts.js';

type View = ReturnType<typeof scenarioView>;

/** Replaces every browser object: callable, settable, empty as an iterable. */
const anything: object = new Proxy(function () {}, {
  get: (_, key) => {
    if (key === Symbol.iterator) return () => [].values();
    return key === Symbol.toPrimitive ? () => '' : anything;
  },
  set: () => true,
  apply: () => anything,
});

function runPage(language: string): Context {
  const context = createContext({
    navigator: { language },
    document: anything,
    fetch: () => new Promise(() => {}),
    setInterval: () => 0,
  });
  runInContext(PAGE_SCRIPT, context);
  return context;
}

const describeIn = (language: string) => runInContext('describe', runPage(language)) as (view: View) => string;

const views = SCENARIOS.map((scenario) => scenarioView(scenario, 'http://127.0.0.1'));

describe('the description of a scenario on the page', () => {
  it.each(views)('is the catalogue’s sentence in either language: $id', (view) => {
    expect(describeIn('en-US')(view)).toBe(view.description);
    expect(describeIn('zh-CN')(view)).toBe(view.descriptionZh);
    expect(view.descriptionZh).toMatch(/\p{Script=Han}.*。$/u);
  });

  it.each(views)('is Chinese whatever the English sentence says: $id', (view) => {
    const inChinese = describeIn('zh-CN');
    expect(inChinese({ ...view, description: 'Another sentence.' })).toBe(inChinese(view));
  });

  it.each([
    ['code-10007', '10007 手机号码错误：字段被拒绝。'],
    ['gateway-throttled-by-app', 'Throttled by APP Flow Control：被限流。'],
    ['gateway-invalid-appcode', 'Invalid AppCode：账户凭证无效。'],
    ['gateway-backend-lost', 'D504RE：上游故障。'],
    ['fault-hang', '读取请求后永不响应。'],
  ])('names the answer and its category in Chinese: %s', (id, sentence) => {
    expect(describeIn('zh-CN')(views.find((view) => view.id === id) as View)).toBe(sentence);
  });
});

describe('the curl line of a scenario on the page', () => {
  const context = runPage('en-US');
  const curlFor = runInContext(
    '(scenario, appCode) => { credential = appCode; return curlOf(scenario); }',
    context,
  ) as (view: View, appCode: string) => string;
  const [view] = views as [View, ...View[]];
  const header = (appCode: string) => shellQuoted(`Authorization: APPCODE ${appCode}`);
  const expected = (appCode: string) => view.curl.replace(header('demo'), () => header(appCode));

  it.each(["it's", "'; id; '", '$(id) `id` "x" \\', "$& $' $` $1 $$", '测试'])(
    'quotes the AppCode that was typed: %s',
    (appCode) => {
      expect(curlFor(view, appCode)).toBe(expected(appCode));
    },
  );

  it('quotes every AppCode', () => {
    const text = fc.string({ unit: fc.constantFrom("'", '$', '&', '`', '\\', '"', 'a', ' ') });
    fc.assert(fc.property(text, (appCode) => expect(curlFor(view, appCode)).toBe(expected(appCode))));
  });
});

describe('the texts of the page', () => {
  const used = [
    ...[...PAGE_SCRIPT.matchAll(/\bt\('(\w+)'\)/g)].map(([, key = '']) => key),
    ...[...PAGE_HTML.matchAll(/data-t="(\w+)"/g)].map(([, key = '']) => key),
    ...(runInContext('COLUMNS.map(({ name }) => name)', runPage('en-US')) as string[]),
  ];

  it.each([...new Set(used)])('have %s in both languages', (key) => {
    expect([PAGE_TEXTS.en, PAGE_TEXTS.zh].filter((texts) => Object.hasOwn(texts, key))).toHaveLength(2);
  });
});
