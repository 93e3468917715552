import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { SCENARIOS, startMockServer, type MockNamespace, type MockServer } from '@identity-verify/mock-server';
import { describeInBrowser, newPage, startBrowser, type PageOptions } from '../browser/browser.support.js';
import { PERSON, ask } from './support.js';

// Long enough for a busy machine; a hang still fails.
jest.setTimeout(180_000);

const PAGE = join(import.meta.dirname, '..', '..', 'packages', 'mock-server', 'page');
const { TEXTS } = (await import(pathToFileURL(join(PAGE, 'texts.js')).href)) as {
  TEXTS: Record<'en' | 'zh', Record<string, string>>;
};
const TABS = ['calls', 'scenarios', 'queue', 'simulation', 'verify'] as const;

/** What the browser logs for a reply from 400 on, and for a server that is gone. */
const FAILING_REPLY = /^Failed to load resource/;

/** Each language, scheme and width. `TEST_LONG` adds the other combinations of scheme and width. */
const EVERY_VIEW = [
  ['en-US', 'light', 1280],
  ['zh-CN', 'dark', 390],
  ['zh-CN', 'dark', 1280],
  ['en-US', 'light', 390],
] as const;
const VIEWS = process.env['TEST_LONG'] ? EVERY_VIEW : EVERY_VIEW.slice(0, 2);

interface View extends PageOptions {
  readonly hash?: string;
}

describeInBrowser('the page in Chromium', () => {
  let browser: Browser;
  let mock: MockServer;
  let page: Page;
  /** The namespace that the page opens by itself. */
  let ns: MockNamespace;
  const problems: string[] = [];
  const requested = new Set<string>();

  const open = async ({ hash = '', ...options }: View = {}) => {
    page = await newPage(browser, mock.url, options);
    page.on('console', (message) => {
      const isProblem = ['error', 'warning'].includes(message.type()) && !FAILING_REPLY.test(message.text());
      if (isProblem) problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => requested.add(new URL(request.url()).origin));
    await page.goto(`${mock.url}/${hash}`);
    await page.waitForSelector('html[data-ready]');
  };
  const tab = (name: (typeof TABS)[number]) => page.click(`#tab-${name}`);
  const clipboard = () => page.evaluate<string>('navigator.clipboard.readText()');
  const indexes = () => page.locator('#journal tbody .index').allTextContents();

  beforeAll(async () => {
    mock = await startMockServer({ port: 0 });
    ns = mock.namespace('worker-1');
    browser = await startBrowser();
  });
  beforeEach(async () => {
    for (const who of ['worker-1', 'worker-2', 'demo']) mock.namespace(who).reset();
    await ask(mock, 'worker-1');
  });
  afterEach(() => page.close());
  afterAll(async () => {
    await browser.close();
    await mock.close();
  });

  it('opens the busiest namespace, and another one by its button, its address and its AppCode', async () => {
    await ask(mock, 'worker-2');
    await ask(mock, 'worker-2');
    const [one, two] = [ns.id, mock.namespace('worker-2').id];
    await open();
    expect(await page.textContent('#ns-id')).toBe(`#${two}`);
    await page.click(`#namespaces button:has-text("${one}")`);
    await page.waitForSelector(`#ns-id:text-is("#${one}")`);
    expect(page.url()).toBe(`${mock.url}/#ns=${one}`);
    // A click on "Copy link" and a visit of that address.
    await page.click('#copy-link');
    await page.waitForSelector('#toast:visible');
    const link = await clipboard();
    await page.click('[data-language=zh]');
    await page.goto('about:blank');
    await page.goto(link);
    await page.waitForSelector(`#ns-id:text-is("#${one}")`);
    // The language survives as well.
    expect(await page.textContent('#tab-calls')).toBe(TEXTS.zh['tab_calls']);
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');

    await page.click('#open-by-code summary');
    await page.fill('#app-code', 'worker-3');
    await page.click('#credential [type=submit]');
    await page.waitForSelector(`#ns-id:text-is("#${mock.namespace('worker-3').id}")`);
    await page.waitForSelector('#journal-empty pre:has-text("APPCODE worker-3")');
    const stored = await page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href])',
    );
    expect(stored).not.toContain('worker-3');
    await page.reload();
    await page.waitForSelector(`#ns-id:text-is("#${mock.namespace('worker-3').id}")`);
    expect(await page.content()).not.toContain('worker-3');
  });

  it('says that a namespace of an address is gone, and shows the busiest', async () => {
    await open({ hash: '#ns=00000000' });
    await page.waitForSelector('#lost:not([hidden])');
    await page.waitForSelector(`#ns-id:text-is("#${ns.id}")`);
    expect(page.url()).toBe(`${mock.url}/#ns=${ns.id}`);
  });

  it('shows calls of any client live, the newest first, masked, with code and cost', async () => {
    await open();
    await ask(mock, 'worker-1', { mobile: '16000010017' });
    await page.waitForSelector('#journal tbody tr:nth-child(2)');
    expect(await indexes()).toEqual(['2', '1']);
    const rows = (await page.locator('#journal tbody tr').allInnerTexts()).map((row) => row.replaceAll(/\s+/g, ' '));
    expect(rows[0]).toMatch(/测\* 1\*{3} … \*{3}4 160\*{6}17 code-10017 200 · 10017 test mobile – free/);
    expect(rows[1]).toMatch(/state-1 200 · 10000 population – paid ¥0\.42/);
    for (const secret of [PERSON.name, PERSON.idCard, 'worker-1']) expect(await page.content()).not.toContain(secret);
  });

  it('filters in both languages, pauses, exports, and clears after a confirmation', async () => {
    for (const mobile of ['16000010017', '16000010012']) await ask(mock, 'worker-1', { mobile });
    await open();
    for (const [wanted, found] of [
      ['系统繁忙', ['2']],
      ['busy', ['2']],
      ['可能计费', ['3']],
      ['POPULATION', ['1']],
      ['160******12', ['3']],
      ['', ['3', '2', '1']],
    ] as const) {
      await page.fill('#filter', wanted);
      expect([wanted, await indexes()]).toEqual([wanted, found]);
    }
    await page.selectOption('#filter-billed', 'yes');
    expect(await indexes()).toEqual(['1']);
    await page.selectOption('#filter-billed', '');

    await page.click('#pause');
    await ask(mock, 'worker-1');
    await page.waitForSelector('#pause:has-text("1 new")');
    expect(await indexes()).toEqual(['3', '2', '1']);
    await page.click('#pause');
    expect(await indexes()).toEqual(['4', '3', '2', '1']);

    await page.fill('#filter', 'code-');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#export')]);
    expect(download.suggestedFilename()).toBe(`identity-verify-mock-${ns.id}.ndjson`);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(ns.journal().slice(1, 3));

    await page.click('#clear-journal');
    expect(await page.evaluate('document.activeElement.value')).toBe('no');
    await page.keyboard.press('Enter');
    expect(ns.calls()).toBe(4);
    await page.click('#clear-journal');
    await page.click('#confirm [value=yes]');
    await page.waitForSelector('#journal-empty pre');
    expect(ns.calls()).toBe(0);
    // A new call has the index of an old one, and is another.
    await ask(mock, 'worker-1', { mobile: '16000010015' });
    await page.fill('#filter', '');
    await page.waitForSelector('#journal tbody code:text-is("code-10015")');
    expect(await indexes()).toEqual(['1']);
  });

  it('shows a call in detail, and copies it as curl and as a test', async () => {
    ns.enqueue({ scenario: 'throttled-by-app', httpStatus: 429 });
    await ask(mock, 'worker-1');
    await open();
    const [first, second] = ns.journal();
    await page.click('#journal tbody tr:nth-child(2)');
    const text = (await page.innerText('#call')).replaceAll(/\s+/g, ' ');
    for (const each of [first?.requestId, first?.seqNo, '"state": "1"', '160******01', 'population', 'AppCode']) {
      expect(text).toContain(each);
    }
    await page.click('#call button:has-text("Copy as curl")');
    expect(await clipboard()).toMatch(
      /^curl .*"Authorization: APPCODE \$IDENTITY_VERIFY_APP_CODE".*mobile=16000000001/,
    );
    await page.keyboard.press('Escape');
    await page.click('#journal tbody tr:first-child button');
    expect(await page.innerText('#call')).toContain(second?.requestId);
    await page.click('#call button:has-text("Copy as test")');
    expect(await clipboard()).toContain("ns.enqueue({ scenario: 'gateway-throttled-by-app', httpStatus: 429 });");
    await page.click('#call button:has-text("Close")');
    expect(await page.locator('#call').count()).toBe(0);
  });

  it('finds a scenario in either language, sends it, queues it and copies its curl line', async () => {
    await open({ hash: '#tab=scenarios' });
    expect(await page.locator('#scenarios li').count()).toBe(SCENARIOS.length);
    const found = async (wanted: string) => {
      await page.fill('#search', wanted);
      return page.locator('#scenarios .head code').allTextContents();
    };
    expect(await found('系统繁忙')).toEqual(['code-10017']);
    await page.click('[data-language=zh]');
    expect(await found('answered 502 never')).toEqual([]);
    expect(await found('A proxy answers 502')).toEqual(['fault-html-502']);
    await page.click('[data-language=en]');
    expect(await found('16000010017')).toEqual(['code-10017']);

    await page.click('#scenarios button:text-is("Send")');
    await page.waitForSelector('#scenarios .result:has-text("HTTP 200 after")');
    expect(await page.textContent('#scenarios .result')).toContain('decided by test mobile');
    expect(ns.journal().at(-1)).toMatchObject({ code: '10017' });
    await page.click('#scenarios button:text-is("Queue")');
    await page.waitForSelector('#trouble-queue:has-text("code-10017")');
    expect(ns.queued()).toEqual(['code-10017']);
    await page.click('#scenarios button:text-is("Copy as curl")');
    expect(await clipboard()).toMatch(/mobile=16000010017 .*1979$/);

    await page.fill('#search', 'fault-reset-after-request');
    mock.namespace('worker-1').clearQueue();
    await page.click('#scenarios button:text-is("Send")');
    await page.waitForSelector('#scenarios .result:has-text("The connection broke")');
    // The mock sends it once; a browser would repeat it.
    expect(ns.journal().filter(({ scenario }) => scenario === 'fault-reset-after-request')).toHaveLength(1);
  });

  it('queues with times, delay and status, and removes one entry; adds and removes rules', async () => {
    await open({ hash: '#tab=scenarios' });
    await page.fill('#search', 'throttled-by-app');
    await page.click('#scenarios button:has-text("Queue with")');
    expect(await page.inputValue('#enqueue-scenario')).toBe('gateway-throttled-by-app');
    await page.fill('#enqueue-times', '3');
    await page.fill('#enqueue-latencyMs', '1500');
    await page.selectOption('#enqueue-httpStatus', '429');
    await page.click('#enqueue [type=submit]');
    await page.waitForSelector('#queue li:has-text("× 3")');
    expect(await page.innerText('#queue li')).toMatch(/after 1\.5 s[^]*as HTTP 429/);
    await page.click('#queue button');
    await page.waitForSelector('#queue li:has-text("× 2")');
    expect(ns.queued()).toHaveLength(2);
    await page.fill('#enqueue-times', 'many');
    await page.click('#enqueue [type=submit]');
    expect(await page.textContent('#enqueue-times-problem')).toBe(TEXTS.en['notANumber']);
    await page.click('#clear-queue');
    await page.waitForSelector('#queue-empty:visible');
    expect(ns.queued()).toEqual([]);

    await page.click('#rule [type=submit]');
    expect(await page.textContent('#rule-name-problem')).toBe(TEXTS.en['ruleNeedsField']);
    await page.fill('#rule-mobile', PERSON.mobile);
    await page.selectOption('#rule-scenario', 'state-2');
    await page.click('#rule [type=submit]');
    await page.waitForSelector('#rules li:has-text("160******01")');
    expect(await page.inputValue('#rule-mobile')).toBe('');
    expect((await ask(mock, 'worker-1')).body.data?.state).toBe('2');
    await page.waitForSelector('#rules li:has-text("1 hits")');
    await page.click('#rules button');
    await page.waitForSelector('#rules-empty:visible');
    expect(ns.rules()).toEqual([]);
  });

  it('reads from the mock which troubles are on, and turns them off', async () => {
    await open();
    await page.waitForSelector(`#troubles:has-text("${TEXTS.en['troublesNone']}")`);
    ns.enqueue('10017', '10017');
    ns.setQuota({ callsLeft: 3 });
    ns.setLatency({ kind: 'fixed', ms: 3000 });
    ns.setThrottle({ callsPerSecond: 5 });
    ns.addRule({ when: { mobile: '16000020001' }, scenario: 'mismatch' });
    for (const each of ['queue', 'quota', 'latency', 'throttle', 'rules'])
      await page.waitForSelector(`#trouble-${each}`);
    expect(await page.innerText('#troubles')).toMatch(/2 left, next code-10017[^]*Latency: 3 s/);
    await page.click('#trouble-latency button');
    await page.waitForSelector('#trouble-latency', { state: 'detached' });
    expect(ns.latency()).toEqual({ kind: 'none' });
    await page.click('#troubles-off');
    await page.waitForSelector(`#troubles:has-text("${TEXTS.en['troublesNone']}")`);
    expect([ns.queued(), ns.rules(), ns.throttle(), ns.quota().callsLeft]).toEqual([[], [], {}, null]);
  });

  it('sets latency, quota and limits, and puts the clock forward', async () => {
    await open({ hash: '#tab=simulation' });
    await page.selectOption('#latency-kind', 'lognormal');
    await page.fill('#latency-medianMs', '300');
    await page.fill('#latency-sigma', '0.4');
    await page.click('#latency [type=submit]');
    await page.waitForSelector('#trouble-latency:has-text("300 ms")');
    expect(ns.latency()).toEqual({ kind: 'lognormal', medianMs: 300, sigma: 0.4 });

    await page.fill('#quota-callsLeft', '7');
    await page.fill('#quota-balance', '12.34');
    await page.fill('#quota-expiresIn', '1.5');
    await page.selectOption('#quota-answeredBy', 'gateway');
    await page.selectOption('#quota-unknownIsCharged', 'no');
    await page.click('#quota [type=submit]');
    await page.waitForSelector('#tiles dd:text-is("7")');
    const { expiresAt, ...quota } = ns.quota();
    expect(quota).toEqual({ callsLeft: 7, balanceFen: 1234, answeredBy: 'gateway', unknownIsCharged: false });
    expect(expiresAt).not.toBeNull();

    await page.fill('#throttle-callsPerSecond', '5');
    await page.selectOption('#throttle-httpStatus', '429');
    await page.fill('#throttle-limit', '3');
    await page.fill('#throttle-window', '2');
    await page.click('#throttle [type=submit]');
    await page.waitForSelector('#trouble-throttle');
    expect(ns.throttle()).toEqual({
      callsPerSecond: 5,
      scope: 'app',
      httpStatus: 429,
      sameParameter: { limit: 3, windowMs: 7_200_000 },
    });
    await page.click('[data-advance="86400000"]');
    await page.waitForSelector('#trouble-quota:has-text("expired")');
    await page.waitForSelector('#clock:has-text("1 d ahead")');
    expect(ns.clockOffsetMs()).toBe(86_400_000);
    await page.click('#quota button:has-text("Turn off")');
    await page.waitForSelector('#trouble-quota', { state: 'detached' });
  });

  it('verifies what was asked, by person too, and names the nearest call', async () => {
    await open({ hash: '#tab=verify' });
    await page.fill('#verify-mobile', PERSON.mobile);
    await page.selectOption('#verify-how', 'exactly');
    await page.click('#verify [type=submit]');
    await page.waitForSelector('#verdict [data-ok=true]');
    await page.fill('#verify-mobile', '16000020002');
    await page.click('#verify [type=submit]');
    await page.waitForSelector('#verdict [data-ok=false]');
    expect(await page.innerText('#verdict')).toMatch(/Call 1: mobile is 160\*{6}01, expected 160\*{6}02/);
  });

  it('clears a namespace, or all, only after a confirmation with the focus on cancel', async () => {
    await ask(mock, 'worker-2');
    await open({ hash: `#ns=${ns.id}` });
    await page.click('#reset');
    expect(await page.evaluate('document.activeElement.value')).toBe('no');
    await page.keyboard.press('Escape');
    expect(ns.calls()).toBe(1);
    await page.click('#reset');
    await page.click('#confirm [value=yes]');
    await page.waitForSelector('#journal-empty:visible');
    expect([ns.calls(), mock.namespace('worker-2').calls()]).toEqual([0, 1]);
    await page.click('#reset-every');
    await page.click('#confirm [value=yes]');
    await page.waitForSelector('#toast:has-text("Cleared")');
    expect(mock.namespace('worker-2').calls()).toBe(0);
  });

  it.each(VIEWS)('has no findings of axe and no clipped text: %s, %s, %i px', async (locale, colorScheme, width) => {
    ns.enqueue('10017');
    ns.setQuota({ callsLeft: 3, balanceFen: 100, expiresInMs: 3_600_000 });
    ns.addRule({ when: { mobile: '16000020001' }, scenario: 'mismatch' });
    await ask(mock, 'worker-1', { mobile: '16000040312' });
    await open({ locale, colorScheme, width });
    // Through the debugger, to which the content security policy does not apply.
    await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
    const findings = async (where: string) => {
      const found = await page.evaluate(
        'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))',
      );
      expect([where, found]).toEqual([where, []]);
      const overflowing = await page.evaluate(`[
        document.documentElement.scrollWidth > innerWidth && 'the page',
        ...[...document.querySelectorAll('button, dd, dt, .badge, h1, h2, .cards p, .cards code, .field label')]
          .filter((e) => e.offsetParent && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
          .map((e) => e.textContent),
      ].filter(Boolean)`);
      expect([where, overflowing]).toEqual([where, []]);
    };
    for (const name of TABS) {
      await tab(name);
      if (name === 'scenarios') await page.fill('#search', '100');
      await findings(name);
    }
    await tab('calls');
    await page.click('#journal tbody tr');
    await findings('call');
    await page.keyboard.press('Escape');
    await page.click('#reset');
    await findings('confirmation');
  });

  it('works with the keyboard alone', async () => {
    await open();
    const { keyboard } = page;
    const press = async (...keys: string[]) => {
      for (const key of keys) await keyboard.press(key);
    };
    await press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.focus('#tab-calls');
    await press('ArrowRight');
    expect(await page.evaluate('document.activeElement.id')).toBe('tab-scenarios');
    await press('Tab');
    await keyboard.type('code-10017');
    await press('Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Enter');
    await page.waitForSelector('#scenarios .result:has-text("HTTP 200")');
    // The focus comes back to the button when the reply is there.
    await page.waitForFunction('document.activeElement.textContent === "Send"');
    await page.focus('#tab-scenarios');
    await press('Home');
    await page.waitForSelector('#journal tbody code:text-is("code-10017")');
    await page.focus('#journal tbody button');
    await press('Enter');
    await page.waitForSelector('#call[open]');
    await press('Escape');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('2');
  });

  it('says that the mock does not answer, and recovers by itself', async () => {
    const own = await startMockServer({ port: 0 });
    await ask(own, 'worker-1');
    await open({ hash: '' });
    await page.goto(own.url);
    await page.waitForSelector('html[data-state=ok]');
    await own.close();
    await page.waitForSelector('#gone:not([hidden])');
    expect(await page.textContent('#status')).toBe(TEXTS.en['state_gone']);
    expect(await indexes()).toEqual(['1']);
    const again = await startMockServer({ port: own.port });
    try {
      await ask(again, 'worker-2');
      await page.waitForSelector('#lost:not([hidden])');
      await page.waitForSelector(`#ns-id:text-is("#${again.namespace('worker-2').id}")`);
      expect(await page.locator('#gone').isHidden()).toBe(true);
      requested.delete(own.url);
    } finally {
      await again.close();
    }
  });

  it('asks for the admin token where the mock has one, and links to the application', async () => {
    const own = await startMockServer({ port: 0, adminToken: 'a-token', applicationUrl: 'http://127.0.0.1:3000/' });
    try {
      await open();
      await page.goto(own.url);
      await page.fill('#admin-token', 'a-token');
      await page.fill('#app-code', 'worker-1');
      await page.click('#credential [type=submit]');
      await page.waitForSelector('html[data-ready]');
      await page.waitForSelector(`#ns-id:text-is("#${own.namespace('worker-1').id}")`);
      expect(await page.locator('#refusal').isHidden()).toBe(true);
      expect(await page.getAttribute('#application:visible', 'href')).toBe('http://127.0.0.1:3000/');
      requested.delete(own.url);
    } finally {
      await own.close();
    }
  });

  it('has loaded nothing from another origin and has not violated its policy in any of the tests above', () => {
    expect(problems).toEqual([]);
    expect([...requested]).toEqual([mock.url]);
  });
});
