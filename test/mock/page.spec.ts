import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { SCENARIOS, startMockServer, type MockServer } from '@identity-verify/mock-server';
import { describeInBrowser, startBrowser } from '../browser/browser.support.js';
import { PERSON, ask } from './support.js';

describeInBrowser('the page in Chromium', () => {
  let browser: Browser;
  let mock: MockServer;
  let page: Page;
  const problems: string[] = [];
  const requested = new Set<string>();

  const open = async (width: number, locale = 'en-US') => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, locale });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    page = await context.newPage();
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => requested.add(new URL(request.url()).origin));
    await page.goto(`${mock.url}/`);
    await page.waitForSelector('#status.ok');
    await page.waitForSelector('#scenarios li');
  };

  beforeAll(async () => {
    mock = await startMockServer({ port: 0 });
    browser = await startBrowser();
  }, 60_000);
  beforeEach(() => mock.namespace('demo').reset());
  afterEach(() => page.context().close());
  afterAll(async () => {
    await browser.close();
    await mock.close();
  });

  it('shows every scenario, finds one by its code, and adds it to the queue', async () => {
    await open(1280);
    expect(await page.locator('#scenarios li').count()).toBe(SCENARIOS.length);
    await page.fill('#search', '10017');
    expect(await page.locator('#scenarios li code').allTextContents()).toEqual(['code-10017']);
    await page.click('#scenarios li button:has-text("Enqueue")');
    await page.waitForSelector('#queue li:has-text("code-10017")');
    expect(mock.namespace('demo').queued()).toEqual(['code-10017']);
  }, 30_000);

  it('copies a curl command that plays the scenario', async () => {
    await open(1280);
    await page.fill('#search', 'code-10007');
    await page.click('#scenarios li button:has-text("Copy curl")');
    await page.waitForSelector('#toast:not([hidden])');
    const line = await page.evaluate('navigator.clipboard.readText()');
    expect(line).toMatch(/^curl .*mobile=16000010007.*1979$/);
  }, 30_000);

  it('shows calls masked and with their cost, and clears them on reset', async () => {
    await open(1280);
    await ask(mock, 'demo');
    await page.waitForSelector('#journal tbody tr');
    const text = (await page.locator('#journal tbody').innerText()).replaceAll(/\s+/g, ' ');
    expect(text).toMatch(/测\* 1\*\*\* … \*\*\*4 160\*{6}01.*state-1.*population.*200.*billed.*¥0\.42/);
    expect(await page.content()).not.toContain(PERSON.idCard);
    expect(await page.locator('#ns-id').textContent()).toBe(`#${mock.namespace('demo').id}`);
    await page.click('#reset');
    await page.waitForSelector('#journal-empty:visible');
    expect(mock.namespace('demo').calls()).toBe(0);
  }, 30_000);

  it('opens the namespace of another credential without showing the credential', async () => {
    await open(1280);
    await ask(mock, 'another-code');
    await page.fill('#app-code', 'another-code');
    await page.click('#credential button');
    await page.waitForSelector('#journal tbody tr');
    expect(await page.locator('body').innerText()).not.toContain('another-code');
    expect(page.url()).toBe(`${mock.url}/`);
  }, 30_000);

  it('sets the quota and puts the clock forward', async () => {
    await open(1280);
    await page.fill('#calls-left', '3');
    await page.click('#quota button');
    await page.waitForSelector('#tiles dd:text-is("3")');
    await page.click('[data-advance="86400000"]');
    await page.waitForSelector('#clock:has-text("+24 h")');
    expect(mock.namespace('demo').clockOffsetMs()).toBe(86_400_000);
  }, 30_000);

  it('follows the language of the browser, and switches on request', async () => {
    await open(1280, 'zh-CN');
    expect(await page.locator('#journal-title').textContent()).toBe('调用日志');
    expect(
      (await page.locator('#scenarios').innerText()).match(/The gateway answers|The connection|The reply/),
    ).toBeNull();
    await page.click('#language');
    expect(await page.locator('#journal-title').textContent()).toBe('Journal');
  }, 30_000);

  it.each([390, 1280])(
    'fits %i pixels without horizontal scrolling or clipped text',
    async (width) => {
      await open(width);
      await ask(mock, 'demo', { mobile: '16000040312' });
      await page.waitForSelector('#journal tbody tr');
      const overflowing = await page.evaluate(`[
      document.documentElement.scrollWidth > innerWidth && 'the page',
      ...[...document.querySelectorAll('button, dd, dt, .badge, h1, h2, .cards p, .cards code')].filter((e) => e.offsetParent && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline').map((e) => e.textContent),
    ].filter(Boolean)`);
      expect(overflowing).toEqual([]);
    },
    30_000,
  );

  it('loads nothing from another origin and does not violate its content security policy', () => {
    expect(problems).toEqual([]);
    expect([...requested]).toEqual([mock.url]);
  });
});

it('the content security policy allows only the script of the page', async () => {
  const mock = await startMockServer({ port: 0 });
  const { headers } = await fetch(`${mock.url}/`);
  const policy = headers.get('Content-Security-Policy') ?? '';
  expect(policy).toMatch(/default-src 'none'.*script-src 'self';/);
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  await mock.close();
});
