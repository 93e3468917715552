import { TEST_MOBILES, TEST_POPULATION } from '@identity-verify/contract';
import { startMockServer } from '@identity-verify/mock-server';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { startSample, type RunningSample } from '../end-to-end/sample.harness.js';
import { ask, describeInBrowser, openPage, startBrowser, submit } from './browser.support.js';
import { texts } from './page.texts.js';

const [alpha, beta] = TEST_POPULATION;
const MINUTE = 60_000;

/** The selector of the identity whose mobile has this suffix. */
const chip = (suffix: string) => `.identity:has(.mono:text-is("${suffix}"))`;

/** Test identities with the expected explanation, in an order in which none affects the next. */
const ANSWERS: readonly [suffix: string, explanation: string][] = [
  ['00001', 'match'],
  ['00002', 'mismatch'],
  ['10001', 'no_record'],
  ['00003', 'indeterminate'],
  ['00000', 'indeterminate'],
  ['10007', 'input'],
  ['10017', 'busy'],
  ['10012', 'timeout'],
  ['10012', 'doubt'],
  ['10019', 'same_question'],
  ['10015', 'failed'],
  ['99001', 'failed'],
  ['99004', 'timeout'],
  ['20001', 'match'],
  ['10009', 'account'],
  ['10002', 'account'],
];

/** Pasted values, with the reason for which each is refused. */
const PASTED: readonly [field: string, value: string, reason: string][] = [
  ['name', `姓名：${alpha.name}`, 'name_label'],
  ['name', `${alpha.name}\u3164`, 'name_invisible_character'],
  ['idCard', `${alpha.idCard}\u2800`, 'id_number_invisible_character'],
  ['mobile', '１６00002000١', 'mobile_digits'],
];

describeInBrowser('the page of the sample in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  }, MINUTE);
  afterAll(() => browser.close());

  /** Runs `work` with a new sample, and always stops the sample. */
  async function withSample(environment: Record<string, string>, work: (sample: RunningSample) => Promise<void>) {
    const sample = await startSample({
      SAMPLE_LOG_LEVEL: 'error',
      IDENTITY_VERIFY_DEADLINE_MS: '1500',
      ...environment,
    });
    try {
      await work(sample);
    } finally {
      await sample.close();
    }
  }

  it.each(['en', 'zh'] as const)(
    'explains every outcome and error group (%s)',
    async (language) => {
      await withSample({}, async ({ url }) => {
        const { page, problems } = await openPage(browser, url, { locale: language === 'en' ? 'en-US' : 'zh-CN' });
        await page.evaluate('for (const group of document.querySelectorAll("#identities details")) group.open = true');
        const seen: string[] = [];
        for (const [suffix] of ANSWERS) {
          await page.click(chip(suffix));
          seen.push(`${suffix} ${await submit(page)}`);
        }
        expect(seen).toEqual(ANSWERS.map(([suffix, key]) => `${suffix} ${texts[language][key]}`));
        expect(problems).toEqual([]);
      });
    },
    2 * MINUTE,
  );

  it.each([
    ['en-US', 'description'],
    ['zh-CN', 'descriptionZh'],
  ] as const)(
    'describes every scenario like the page of the mock (%s)',
    async (locale, key) => {
      const mock = await startMockServer({ port: 0 });
      try {
        await withSample({}, async ({ url }) => {
          const { page } = await openPage(browser, url, { locale });
          const chips = await page.locator('details:not(#group-people) .identity').allTextContents();
          expect(chips).toEqual(TEST_MOBILES.map((each) => each.mobile.slice(-5) + each[key]));

          const context = await browser.newContext({ locale });
          const other = await context.newPage();
          await other.goto(mock.url);
          await other.waitForSelector('#scenarios li');
          for (const each of TEST_MOBILES) {
            await other.fill('#search', each.mobile);
            expect(await other.locator('#scenarios li p').allTextContents()).toEqual([each[key]]);
          }
        });
      } finally {
        await mock.close();
      }
    },
    MINUTE,
  );

  it.each(['en', 'zh'] as const)(
    'says which ledger it is and that it does not answer, and nothing of its address (%s)',
    async (language) => {
      const redis = 'redis://:a-password@127.0.0.1:1';
      await withSample({ REDIS_URL: redis }, async ({ url }) => {
        const { page, problems } = await openPage(browser, url, { locale: language === 'en' ? 'en-US' : 'zh-CN' });
        const status = (await page.textContent('#status')) ?? '';
        expect(status).toContain(texts[language]['ledger_redis']);
        expect(status).toContain(texts[language]['ledgerSilent']);
        expect(await page.content()).not.toMatch(/a-password|127\.0\.0\.1:1\b/);
        expect(problems).toEqual([]);
      });
    },
    MINUTE,
  );

  it(
    'shows the source, cost and phases of an answer',
    async () => {
      await withSample({}, async ({ url, upstream }) => {
        const { page } = await openPage(browser, url);
        await page.click(chip('20001'));
        await submit(page);
        const paid = await page.textContent('#answer');
        expect(paid).toContain('Yes, ¥0.42');
        expect(paid).toContain(upstream.journal()[0]?.seqNo ?? 'no seqNo');
        await page.click('.copy');
        await page.waitForSelector('.copy:text-is("Copied")');
        expect(await page.evaluate('navigator.clipboard.readText()')).toBe(upstream.journal()[0]?.seqNo);
        await page.waitForSelector('#status dd:text-is("1 of 1000")');
        await page.waitForSelector('#journal td:has-text("测* 160")');

        await submit(page);
        await page.waitForSelector('#answer dd:has-text("the ledger")');
        expect(await page.locator('.timeline .not-needed').allTextContents()).toEqual([
          expect.stringContaining('Call'),
          expect.stringContaining('Settle'),
        ]);
        expect(upstream.calls()).toBe(1);
      });
    },
    MINUTE,
  );

  it(
    'validates the fields by the rules of the module during input, and sends nothing until they are valid',
    async () => {
      await withSample({}, async ({ url, upstream }) => {
        const { page } = await openPage(browser, url);
        await page.fill('#idCard', `${alpha.idCard.slice(0, 17)}5`);
        await page.focus('#mobile');
        expect(await page.textContent('#idCard-problem')).toBe(texts.en['id_number_check_character']);
        await page.click('[type=submit]');
        expect(await page.textContent('#name-problem')).toBe(texts.en['name_required']);
        expect(await page.evaluate('document.activeElement?.id')).toBe('name');
        await page.click('[data-language=zh]');
        expect(await page.textContent('#name-problem')).toBe(texts.zh['name_required']);
        for (const [field, value, reason] of PASTED) {
          await page.fill(`#${field}`, value);
          expect(await page.textContent(`#${field}-problem`)).toBe(texts.zh[reason]);
        }
        expect(await page.textContent('#answer')).toBe(texts.zh['noAnswerYet']);
        expect(upstream.calls()).toBe(0);
      });
    },
    MINUTE,
  );

  it(
    'starts and ends each trouble of the mock, and shows the state of the module',
    async () => {
      await withSample({}, async ({ url }) => {
        const { page, problems } = await openPage(browser, url);
        const inTrouble = async (trouble: string, suffix: string) => {
          await page.click(`#trouble-${trouble}`);
          await page.waitForSelector(`#trouble-${trouble}[aria-pressed=true]`);
          await page.click(chip(suffix));
          return submit(page);
        };
        expect(await inTrouble('busy', '20001')).toBe(texts.en['busy']);
        expect(await inTrouble('dropping', '20002')).toBe(texts.en['failed']);
        expect(await inTrouble('slow', '20003')).toBe(texts.en['timeout']);
        expect(await inTrouble('none', '00001')).toBe(texts.en['match']);
        await page.waitForSelector('#status dd:text-is("none closed")');
        expect(await inTrouble('quota', '00002')).toBe(texts.en['account']);
        await page.waitForSelector('#status dd:has-text("quota, until")');
        expect(problems).toEqual([]);
      });
    },
    MINUTE,
  );

  it(
    'explains the limits of the application and an unreachable upstream',
    async () => {
      const headlines: Record<string, string> = {};
      const asked = async (environment: Record<string, string>, mobiles: readonly string[]) => {
        let last = '';
        await withSample(environment, async ({ url }) => {
          const { page } = await openPage(browser, url);
          for (const mobile of mobiles) last = await ask(page, { ...alpha, mobile });
        });
        return last;
      };
      const mobiles = ['1', '2', '3', '4', '5', '6'].map((digit) => `1600002005${digit}`);
      headlines['budget'] = await asked({ IDENTITY_VERIFY_CALLS_PER_DAY: '1' }, mobiles.slice(0, 2));
      headlines['throttled'] = await asked({ SAMPLE_REQUESTS_PER_MINUTE: '1' }, mobiles.slice(0, 2));
      headlines['guessing'] = await asked({}, mobiles);
      headlines['unreachable'] = await asked({ IDENTITY_VERIFY_BASE_URL: 'http://127.0.0.1:9' }, mobiles.slice(0, 1));
      for (const [key, headline] of Object.entries(headlines)) expect(headline).toBe(texts.en[key]);
    },
    2 * MINUTE,
  );

  it(
    'works with the keyboard alone',
    async () => {
      await withSample({}, async ({ url }) => {
        const { page } = await openPage(browser, url);
        const { keyboard } = page;
        await keyboard.press('Tab');
        await keyboard.press('Enter'); // the skip link
        for (const value of [beta.name, beta.idCard, beta.mobile]) {
          await keyboard.press('Tab');
          await keyboard.type(value);
        }
        await keyboard.press('Enter');
        await page.waitForSelector('#answer h3');
        expect(await page.textContent('#answer h3')).toBe('Match');
        await page.waitForSelector('[type=submit]:not([disabled])');
        expect(await page.evaluate('document.activeElement?.textContent')).toBe('Verify');
        expect(await page.getAttribute('#answer', 'aria-live')).toBe('polite');
      });
    },
    MINUTE,
  );

  it(
    'requires a confirmation with the price for a paid call, and refuses test identities',
    async () => {
      const live = {
        IDENTITY_VERIFY_APP_CODE: 'app-code-for-tests',
        IDENTITY_VERIFY_BASE_URL: 'https://upstream.invalid',
      };
      await withSample(live, async ({ url }) => {
        const { page, problems } = await openPage(browser, url);
        expect(await page.textContent('#live-warning')).toContain('¥0.42');
        expect(await page.locator('.mock-only:visible').count()).toBe(0);
        await page.fill('#name', alpha.name);
        await page.fill('#idCard', alpha.idCard);
        await page.fill('#mobile', alpha.mobile);
        await page.click('[type=submit]');
        await page.waitForSelector('#confirm[open]');
        expect(await page.textContent('#confirm-text')).toContain('¥0.42');
        await page.keyboard.press('Escape');
        expect(await page.textContent('#answer')).toBe(texts.en['noAnswerYet']);
        await page.click('[type=submit]');
        await page.click('#confirm [value=yes]');
        await page.waitForSelector('#answer h3');
        expect(await page.textContent('#answer h3')).toBe(texts.en['reserved']);
        expect(problems).toEqual([]);
      });
    },
    MINUTE,
  );

  it(
    'has no axe violations, light and dark, wide and narrow, before and after an answer',
    async () => {
      const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      await withSample({}, async ({ url }) => {
        for (const [colorScheme, width, suffix] of [
          ['light', 1280, '00001'],
          ['dark', 1280, '00002'],
          ['light', 390, '00003'],
          ['dark', 390, '10017'],
        ] as const) {
          const { page } = await openPage(browser, url, { colorScheme, width });
          // Through the debugger, to which the content security policy does not apply.
          await page.evaluate(axe);
          const findings = async () => {
            const found = await page.evaluate(
              'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))',
            );
            expect(found).toEqual([]);
          };
          await findings();
          await page.evaluate('document.querySelector("#group-code").open = true');
          await page.click(chip(suffix));
          await submit(page);
          await findings();
          expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        }
      });
    },
    MINUTE,
  );
});
