import { startMockServer, type MockServer } from '@identity-verify/mock-server';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { startSample, type RunningSample } from '../end-to-end/sample.harness.js';
import { describeInBrowser, openPage, startBrowser, type PageOptions } from './browser.support.js';
import { said } from './race.texts.js';

const MINUTE = 60_000;
/** On a machine that is busy, a race waits for the mock: it is slower, and its figures are the same. */
const PATIENCE_MS = 4 * MINUTE;
const ENDED = '#race[data-playing=false] #race-journals:not(:empty)';

describeInBrowser('the money race in Chromium', () => {
  let browser: Browser;
  let mock: MockServer;
  let sample: RunningSample;
  beforeAll(async () => {
    [browser, mock] = await Promise.all([startBrowser(), startMockServer({ port: 0 })]);
    sample = await startSample({ SAMPLE_LOG_LEVEL: 'error', IDENTITY_VERIFY_BASE_URL: mock.url });
  }, MINUTE);
  afterAll(async () => {
    await browser.close();
    await sample.close();
    await mock.close();
  }, MINUTE);

  async function open(options: PageOptions) {
    const opened = await openPage(browser, sample.url, {
      reducedMotion: 'no-preference',
      timeoutMs: PATIENCE_MS,
      ...options,
    });
    await opened.page.waitForSelector('#race[data-ready]');
    await opened.page.selectOption('#race-speed', '10');
    return opened;
  }

  const texts = (page: Page, selector: string) => page.locator(selector).allTextContents();
  const cost = (appCode: string) => mock.namespace(appCode).cost();
  const money = (fen: number) => `¥${(fen / 100).toFixed(2)}`;

  /** Compares every figure of the page with the journals of the mock. @returns the AppCodes */
  async function expectJournals(page: Page): Promise<string[]> {
    const [codes = ''] = await texts(page, '#race-journals');
    const appCodes = codes.match(/race-\w+-(?:naive|module)/g) ?? [];
    expect(appCodes).toHaveLength(2);
    const costs = appCodes.map(cost);
    const scores = await texts(page, '#race-scores .race-big');
    // Four figures of each client: wrong people let in, paid, calls, right people let in.
    expect([scores[1], scores[5]]).toEqual(costs.map(({ fenAtMost }) => money(fenAtMost)));
    expect([scores[2], scores[6]]).toEqual(costs.map(({ calls }) => String(calls)));
    expect(scores[4]).toBe('0');

    const numbers = (await texts(page, '#race-between .number')).slice(2);
    const valueOf = (text: string) => Number(text.replace('−', '-').replace('¥', ''));
    const column = (offset: number) => numbers.filter((_, index) => index % 2 === offset).map(valueOf);
    for (const [offset, unit] of [
      [0, 1],
      [1, 100],
    ] as const) {
      const whole = column(offset).map((value) => Math.round(value * unit));
      const total = whole.pop();
      expect(whole.reduce((sum, value) => sum + value, 0)).toBe(total);
    }
    expect(column(0).at(-1)).toBe((costs[0]?.calls ?? 0) - (costs[1]?.calls ?? 0));
    return appCodes;
  }

  it(
    'is played in two browsers at once, each with the figures of its own journals, and has no axe violations',
    async () => {
      const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      const findings = (page: Page) =>
        page.evaluate(
          'axe.run("#race").then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))',
        );
      const pages = [
        await open({ locale: 'en-US', width: 1280, colorScheme: 'light' }),
        await open({ locale: 'zh-CN', width: 390, colorScheme: 'dark' }),
      ];
      const played = await Promise.all(
        pages.map(async ({ page, problems }, index) => {
          // Through the debugger, to which the content security policy does not apply.
          await page.evaluate(axe);
          expect(await findings(page)).toEqual([]);
          await page.click('#race-play');
          await page.waitForSelector(ENDED, { state: 'attached' });
          await page.click('#race summary');
          expect(await findings(page)).toEqual([]);
          expect(problems).toEqual([]);
          const language = index === 0 ? 'en' : 'zh';
          expect(await texts(page, '#race-scores tbody th')).toEqual([
            said(language, 'naive'),
            said(language, 'module'),
          ]);
          expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(index === 0 ? 1280 : 390);
          return expectJournals(page);
        }),
      );
      expect(new Set(played.flat()).size).toBe(4);

      // The language changes without another race.
      const { page } = pages[0]!;
      const before = await texts(page, '#race-scores .race-big');
      await page.click('[data-language=zh]');
      await page.waitForSelector(`#race-title:text-is("${said('zh', 'title')}")`);
      expect(await texts(page, '#race-scores .race-big')).toEqual(before);
      await Promise.all(pages.map(({ close }) => close()));
    },
    PATIENCE_MS,
  );

  it(
    'is started, stopped and turned into a year with the keyboard, and begins from zero each time',
    async () => {
      const { page, problems } = await open({});
      const { keyboard } = page;
      await page.focus('#race-play');
      await keyboard.press('Enter');
      await page.waitForSelector('#race-stop:focus');
      await page.waitForSelector('#race-chart .race-head-module', { state: 'attached' });
      await keyboard.press('Enter');
      await page.waitForSelector(ENDED, { state: 'attached' });
      expect(await page.evaluate('document.activeElement?.id')).toBe('race-play');
      const stopped = await expectJournals(page);

      await page.focus('#race-volume');
      const [first] = await texts(page, '#race-formula');
      await keyboard.press('ArrowRight');
      const [second] = await texts(page, '#race-formula');
      expect(second).not.toBe(first);
      expect(second).toBe('2,000 sign-ups × 365 days × 10 ÷ 100 × ¥0.42 = ¥30,660');
      expect(await texts(page, '#race-sum')).toEqual([said('en', 'yearSum', { money: '¥30,660' })]);

      await page.focus('#race-play');
      await keyboard.press('Enter');
      await page.waitForSelector('#race-stop:focus');
      await page.waitForSelector('#race-chart .race-head-module', { state: 'attached' });
      await page.click('#race-stop');
      await page.waitForSelector(ENDED, { state: 'attached' });
      const again = await expectJournals(page);
      expect(new Set([...stopped, ...again]).size).toBe(4);
      expect(problems).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'changes nothing of the sample: neither its budget nor its namespace',
    async () => {
      const { body } = await sample.get('/status');
      expect(body).toMatchObject({ today: { calls: 0 }, circuit: 'closed', latch: null });
      expect(mock.namespace('identity-verify-sample').calls()).toBe(0);
    },
    MINUTE,
  );

  it(
    'is not played with real credentials, and says that there is no mock',
    async () => {
      const live = await startSample({ SAMPLE_LOG_LEVEL: 'error', IDENTITY_VERIFY_APP_CODE: 'app-code-for-tests' });
      try {
        expect((await live.post('/race', { speed: 10 })).status).toBe(409);
        const { page, problems } = await openPage(browser, live.url, { timeoutMs: PATIENCE_MS });
        expect(await page.isHidden('#race')).toBe(true);
        expect(problems).toEqual([]);
      } finally {
        await live.close();
      }
      expect((await sample.post('/race', { speed: 11 })).status).toBe(400);

      const { page } = await open({});
      await mock.close();
      await page.click('#race-play');
      await page.waitForSelector(`#race-message:text-is("${said('en', 'failed_mock')}")`);
    },
    PATIENCE_MS,
  );

  it(
    'does not keep the sample from stopping while it is watched',
    async () => {
      const other = await startSample({ SAMPLE_LOG_LEVEL: 'error' });
      const { page } = await openPage(browser, other.url, { timeoutMs: PATIENCE_MS });
      await page.click('#race-play');
      await page.waitForSelector('#race-chart .race-head-module', { state: 'attached' });
      // The page goes on polling and connecting, over the connections that it has.
      expect(await other.close()).toBe('SIGTERM');
    },
    PATIENCE_MS,
  );
});
