import { describe } from '@jest/globals';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

// The headless shell is the same engine without the windows, and uses half the processor time.
const CHROMIUM =
  process.env['CHROMIUM_PATH'] ??
  ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path)) ??
  '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const available = existsSync(CHROMIUM);
if (!available && !process.env['CI']) {
  process.stderr.write(
    `Browser tests are skipped: there is no ${CHROMIUM}. Get it with "apt-get install chromium-headless-shell", or set CHROMIUM_PATH.\n`,
  );
}

/** `describe` with Chromium; skipped without it, except in CI, which requires it. */
export const describeInBrowser: (name: string, block: () => void) => void =
  available || process.env['CI'] ? describe : describe.skip;

/** Starts Chromium with a new profile. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** Options of a page. */
export interface PageOptions {
  readonly locale?: 'en-US' | 'zh-CN';
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** Each frame of an animation is drawn by the processor, so without a reason there is none. @default 'reduce' */
  readonly reducedMotion?: 'reduce' | 'no-preference';
  /** How long the page may take for anything, in milliseconds. @default 60_000 */
  readonly timeoutMs?: number;
}

/** A page of the sample, with its problems. */
export interface OpenPage {
  /** Closes it. */
  readonly close: () => Promise<void>;
  readonly page: Page;
  /** Script errors, console errors (including content security policy violations) and requests to other origins. */
  readonly problems: string[];
}

// The browser logs this for every status from 400 on; the page shows these, so they are not problems.
const HTTP_STATUS = /^Failed to load resource: the server responded with a status of [45]\d\d/;

/** One context for each language, shared: a new one has an empty cache, and its first page takes twice as long. */
const contexts = new WeakMap<Browser, Map<string, Promise<BrowserContext>>>();

function contextIn(browser: Browser, locale: string): Promise<BrowserContext> {
  const ofBrowser = contexts.get(browser) ?? new Map<string, Promise<BrowserContext>>();
  contexts.set(browser, ofBrowser);
  const known = ofBrowser.get(locale);
  if (known) return known;
  const opened = browser.newContext({ locale }).then(async (context) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    return context;
  });
  ofBrowser.set(locale, opened);
  return opened;
}

/** An empty page that finds nothing stored for an origin. Its owner closes it. */
export async function newPage(
  browser: Browser,
  origin: string,
  {
    locale = 'en-US',
    width = 1280,
    colorScheme = 'light',
    reducedMotion = 'reduce',
    timeoutMs = 60_000,
  }: PageOptions = {},
): Promise<Page> {
  const context = await contextIn(browser, locale);
  const page = await context.newPage();
  page.setDefaultTimeout(timeoutMs);
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme, reducedMotion });
  const debug = await context.newCDPSession(page);
  await debug.send('Storage.clearDataForOrigin', { origin, storageTypes: 'local_storage' });
  await debug.detach();
  return page;
}

/** Opens the page of the sample and waits until it is ready. */
export async function openPage(browser: Browser, url: string, options: PageOptions = {}): Promise<OpenPage> {
  const page = await newPage(browser, url, options);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !HTTP_STATUS.test(message.text()))
      problems.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== url) problems.push(`request to ${new URL(request.url()).origin}`);
  });
  await page.goto(url);
  await page.waitForSelector('html[data-ready]');
  return { page, problems, close: () => page.close() };
}

/** Fills in and submits the form, and waits for the answer. @returns its headline */
export async function ask(page: Page, identity: { name: string; idCard: string; mobile: string }): Promise<string> {
  await fillForm(page, identity);
  return submit(page);
}

/** Fills in the form. */
export async function fillForm(page: Page, identity: { name: string; idCard: string; mobile: string }): Promise<void> {
  for (const field of ['name', 'idCard', 'mobile'] as const) await page.fill(`#${field}`, identity[field]);
}

/** Submits the form, and waits for the answer. @returns its headline */
export const submit = (page: Page): Promise<string> => answered(page, () => page.click('#submit'));

/** The selector of the test identity whose mobile has this suffix. */
export const chip = (suffix: string): string => `.identity:has(.mono:text-is("${suffix}"))`;

/** Clicks a test identity, and waits for its answer. @returns its headline */
export const pick = (page: Page, suffix: string): Promise<string> => answered(page, () => page.click(chip(suffix)));

/** Waits for the answer to the question that an action asks. @returns its headline */
export async function answered(page: Page, act: () => Promise<void>): Promise<string> {
  const before = await page.getAttribute('#answer', 'data-question');
  await act();
  await page.waitForSelector(`#answer[data-phase=answered]:not([data-question="${before}"])`);
  return (await page.textContent('#answer h3')) ?? '';
}

/**
 * Waits until an expression is true in the page. `waitForFunction` needs `eval`, which the content security policy
 * forbids.
 */
export async function until(page: Page, expression: string): Promise<void> {
  while (!(await page.evaluate(expression))) await page.evaluate('new Promise((resolve) => setTimeout(resolve, 20))');
}
