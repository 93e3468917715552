import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { scenarioView } from '../admin/views.js';
import { SCENARIOS } from '../scenario/scenario.catalogue.js';
import { PAGE_SCRIPT } from './page.script.js';

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

function describeIn(language: string): (view: View) => string {
  const context = createContext({
    navigator: { language },
    document: anything,
    fetch: () => new Promise(() => {}),
    setInterval: () => 0,
  });
  runInContext(PAGE_SCRIPT, context);
  return runInContext('describe', context) as (view: View) => string;
}

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
    ['gateway-throttled-by-app', 'Throttled by APP Flow Control：流量受限。'],
    ['gateway-invalid-appcode', 'Invalid AppCode：账户凭证无效。'],
    ['gateway-backend-lost', 'D504RE：上游故障。'],
    ['fault-hang', '读取请求后永不响应。'],
  ])('names the answer and its category in Chinese: %s', (id, sentence) => {
    expect(describeIn('zh-CN')(views.find((view) => view.id === id) as View)).toBe(sentence);
  });
});
