import { describe } from '@jest/globals';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
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
    `Browser tests are skipped: there is no ${CHROMIUM}. Get it with "apt-get install chromium", or set CHROMIUM_PATH.\n`,
  );
}

/** `describe` where there is Chromium; skipped where there is none, except in CI, where it has to be. */
export const describeInBrowser: (name: string, block: () => void) => void =
  available || process.env['CI'] ? describe : describe.skip;

/** Starts Chromium with a profile of its own. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** How a page is opened. */
export interface PageOptions {
  readonly locale?: 'en-US' | 'zh-CN';
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** A page of the sample, and what went wrong on it. */
export interface OpenPage {
  readonly page: Page;
  /** Errors of scripts, of the console (breaches of the content security policy among them), and requests to others. */
  readonly problems: string[];
}

// The browser itself writes this for every answer from 400 on; the page shows these, so they are no problem.
const HTTP_STATUS = /^Failed to load resource: the server responded with a status of [45]\d\d/;

/** Opens the page of the sample and waits until it is ready. */
export async function openPage(
  browser: Browser,
  url: string,
  { locale = 'en-US', width = 1280, colorScheme = 'light' }: PageOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale, colorScheme });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
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
  return { page, problems };
}

/** Fills the form in, sends it, and waits for the answer. @returns its headline */
export async function ask(page: Page, identity: { name: string; idCard: string; mobile: string }): Promise<string> {
  await page.fill('#name', identity.name);
  await page.fill('#idCard', identity.idCard);
  await page.fill('#mobile', identity.mobile);
  return submit(page);
}

/** Sends the form as it is and waits for the answer. @returns its headline */
export async function submit(page: Page): Promise<string> {
  await page.click('[type=submit]');
  await page.waitForSelector('#answer h3');
  await page.waitForSelector('[type=submit]:not([disabled])');
  return (await page.textContent('#answer h3')) ?? '';
}
