import { TEST_MOBILES, TEST_POPULATION } from '@identity-verify/contract';
import { startMockServer } from '@identity-verify/mock-server';
import { checkIdNumber } from '@identity-verify/nestjs';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { startSample, type RunningSample } from '../end-to-end/sample.harness.js';
import {
  answered,
  ask,
  chip,
  describeInBrowser,
  fillForm,
  newPage,
  openPage,
  pick,
  startBrowser,
  submit,
  until,
  type OpenPage,
  type PageOptions,
} from './browser.support.js';
import { texts } from './page.texts.js';

const [alpha, beta] = TEST_POPULATION;
// Long enough for a busy machine; a hang still fails.
const PATIENCE = 5 * 60_000;
const EVERY_LANGUAGE = [
  ['en', 'en-US'],
  ['zh', 'zh-CN'],
] as const;
// That both have the same texts is tested without a browser, in page-texts.spec.ts.
const LANGUAGES = process.env['TEST_LONG'] ? EVERY_LANGUAGE : EVERY_LANGUAGE.slice(0, 1);

/** Every group of errors that a test identity leads to, in an order in which most would stop the next. */
const ANSWERS: readonly [suffix: string, explanation: string][] = [
  ['10009', 'account'],
  ['10002', 'malformed'],
  ['10008', 'malformed'],
  ['10005', 'account'],
  ['00001', 'match'],
  ['00002', 'mismatch'],
  ['10001', 'no_record'],
  ['00003', 'indeterminate'],
  ['00000', 'indeterminate'],
  ['10007', 'input_upstream'],
  ['10017', 'busy'],
  ['10012', 'timeout'],
  ['10012', 'doubt'],
  ['10019', 'same_question'],
  ['10015', 'failed'],
  ['10016', 'failed'],
  ['10020', 'failed'],
  ['99001', 'lost'],
  ['99002', 'lost'],
  ['20001', 'match'],
];

/** Each scheme, width and language. `TEST_LONG` adds the other combinations of scheme and width. */
const EVERY_VIEW = [
  ['light', 1280, 'en-US', '00001'],
  ['dark', 390, 'zh-CN', '99001'],
  ['dark', 1280, 'zh-CN', '00002'],
  ['light', 390, 'en-US', '00003'],
] as const;
const VIEWS = process.env['TEST_LONG'] ? EVERY_VIEW : EVERY_VIEW.slice(0, 2);

/** Pasted values, with the reason for which each is refused. */
const PASTED: readonly [field: string, value: string, reason: string][] = [
  ['name', `姓名：${alpha.name}`, 'name_label'],
  ['name', `${alpha.name}\u3164`, 'name_invisible_character'],
  ['idCard', `${alpha.idCard}\u2800`, 'id_number_invisible_character'],
  ['mobile', '１６00002000١', 'mobile_digits'],
];

/** Nobody alive was born on 1900-01-02 either, but the mock takes this for a person who may be real. */
function realLooking() {
  const digits = '11010119000102001';
  const last = Array.from('0123456789X').find((each) => checkIdNumber(digits + each, { today: 20_000_101 }).ok);
  return { ...alpha, idCard: `${digits}${last}` };
}

describeInBrowser('the page of the sample in Chromium', () => {
  let browser: Browser;
  let sample: RunningSample;
  /** One page per language, shared: opening one costs more than most tests. */
  const shared = new Map<string, OpenPage>();

  beforeAll(async () => {
    [browser, sample] = await Promise.all([
      startBrowser(),
      startSample({ SAMPLE_LOG_LEVEL: 'error', IDENTITY_VERIFY_DEADLINE_MS: '2500' }),
    ]);
  }, PATIENCE);
  beforeEach(() => back(), PATIENCE);
  afterAll(async () => {
    await browser.close();
    await sample.close();
  });

  /** Puts the sample and its mock back to the beginning, by the API that the page uses. */
  async function back() {
    await fetch(`${sample.url}/playground/reset`, { method: 'POST' });
  }

  async function pageIn(locale: PageOptions['locale'] = 'en-US'): Promise<OpenPage> {
    const open = shared.get(locale) ?? (await openPage(browser, sample.url, { locale }));
    shared.set(locale, open);
    return open;
  }

  async function closeIn(locale: string): Promise<void> {
    await shared.get(locale)?.close();
    shared.delete(locale);
  }

  /** Runs `work` with another sample, and always stops it. */
  async function withSample(environment: Record<string, string>, work: (other: RunningSample) => Promise<void>) {
    const other = await startSample({ SAMPLE_LOG_LEVEL: 'error', ...environment });
    try {
      await work(other);
    } finally {
      await other.close();
    }
  }

  const stepState = (page: Page, step: string) =>
    page.evaluate<string>(`document.querySelector('[data-step=${step}]').className.replace('step ', '')`);

  it(
    'describes every scenario like the page of the mock, in both languages',
    async () => {
      const mock = await startMockServer({ port: 0 });
      try {
        const other = await newPage(browser, mock.url);
        await other.goto(`${mock.url}/#tab=scenarios`);
        await other.waitForSelector('#scenarios li');
        for (const [language, locale, key] of [
          ['en', 'en-US', 'description'],
          ['zh', 'zh-CN', 'descriptionZh'],
        ] as const) {
          const { page } = await pageIn(locale);
          const chips = await page.locator('details:not(#group-people) .identity').allTextContents();
          expect(chips).toEqual(TEST_MOBILES.map((each) => each.mobile.slice(-5) + each[key]));

          await other.click(`[data-language=${language}]`);
          const cards = await other.evaluate<[string, string][]>(
            `[...document.querySelectorAll('#scenarios li')].flatMap((card) =>
              [...card.querySelectorAll('.traits b')].map((trait) => [trait.textContent, card.querySelector('p').textContent]))`,
          );
          const described = cards.filter(([trait]) => /^160000\d{5}$/.test(trait));
          expect(described).toHaveLength(TEST_MOBILES.length);
          expect(Object.fromEntries(described)).toEqual(
            Object.fromEntries(TEST_MOBILES.map((each) => [each.mobile, each[key]])),
          );
        }
        await other.close();
        // An open page follows the sample all the time, which costs as much as a test. Most tests are in English.
        await closeIn('zh-CN');
      } finally {
        await mock.close();
      }
    },
    PATIENCE,
  );

  it.each(LANGUAGES)(
    'explains every outcome and error group of test identities in a row, none of which locks up the next (%s)',
    async (language, locale) => {
      const { page, problems } = await pageIn(locale);
      await page.evaluate('for (const group of document.querySelectorAll("#identities details")) group.open = true');
      const seen: string[] = [];
      for (const [suffix] of ANSWERS) seen.push(`${suffix} ${await pick(page, suffix)}`);
      expect(seen).toEqual(ANSWERS.map(([suffix, key]) => `${suffix} ${texts[language][key]}`));
      expect(problems).toEqual([]);
    },
    PATIENCE,
  );

  it(
    'shows the person, source, cost, code and phases of an answer',
    async () => {
      const { page } = await pageIn();
      await pick(page, '20001');
      const paid = await page.textContent('#answer');
      expect(paid).toContain('Yes, ¥0.42');
      expect(await page.textContent('#answer-person')).toBe('测* 1*** … ***4 160******01');
      const seqNo = sample.upstream.journal()[0]?.seqNo ?? 'no seqNo';
      expect(paid).toContain(seqNo);
      await page.click('.copy');
      await page.waitForSelector('#toast:text-is("Copied")');
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(seqNo);
      expect(await stepState(page, 'upstream')).toBe('answered');
      expect(await page.locator('.coin.yes').count()).toBe(1);

      await submit(page);
      expect(await page.textContent('#answer')).toContain('the ledger, from an earlier answer');
      expect([await stepState(page, 'ledger'), await stepState(page, 'upstream')]).toEqual(['answered', 'waiting']);
      expect(await page.locator('.coin').count()).toBe(0);
      expect(sample.upstream.calls()).toBe(1);
    },
    PATIENCE,
  );

  it(
    'greys an answer as soon as a field or the route changes, and never shows it beside a later question',
    async () => {
      const { page } = await pageIn();
      await pick(page, '20001');
      expect(await page.locator('#answer.stale').count()).toBe(0);
      await page.fill('#mobile', beta.mobile);
      expect(await page.locator('#answer.stale').count()).toBe(1);
      expect(await page.textContent('#stale')).toBe(texts.en['stale']);
      await pick(page, '20002');
      expect(await page.locator('#answer.stale').count()).toBe(0);
      await page.click('label:has([value=signup])');
      expect(await page.locator('#answer.stale').count()).toBe(1);
      await page.click('label:has([value=office])');

      // The reply to the first question is held back until the second is answered.
      let release = (): void => undefined;
      let isFirst = true;
      await page.route('**/verifications', async (route) => {
        if (isFirst) {
          isFirst = false;
          await new Promise<void>((resolve) => (release = resolve));
        }
        await route.continue();
      });
      const dots = await page.locator('#history .dot').count();
      await page.click(chip('00001'));
      await page.waitForSelector('#answer[data-phase=asking]');
      expect(await page.textContent('#answer-person')).toContain('160******01');
      expect(await pick(page, '00002')).toBe('Mismatch');
      const first = page.waitForResponse('**/verifications');
      release();
      expect(await (await first).json()).toMatchObject({ outcome: 'match' });
      // The page has loaded what came of it, and shows the second still.
      await until(page, `document.querySelectorAll('#history .dot').length === ${dots + 2}`);
      expect(await page.textContent('#answer h3')).toBe('Mismatch');
      expect(await page.textContent('#answer-person')).toContain('160******02');
      await page.unroute('**/verifications');
    },
    PATIENCE,
  );

  it(
    'validates the fields by the rules of the module during input, and sends nothing until they are valid',
    async () => {
      const { page, close } = await openPage(browser, sample.url);
      await page.fill('#idCard', `${alpha.idCard.slice(0, 17)}5`);
      await page.focus('#mobile');
      expect(await page.textContent('#idCard-problem')).toBe(texts.en['id_number_check_character']);
      await page.click('#submit');
      expect(await page.textContent('#name-problem')).toBe(texts.en['name_required']);
      expect(await page.evaluate('document.activeElement?.id')).toBe('name');
      await page.click('[data-language=zh]');
      expect(await page.textContent('#name-problem')).toBe(texts.zh['name_required']);
      for (const [field, value, reason] of PASTED) {
        await page.fill(`#${field}`, value);
        expect(await page.textContent(`#${field}-problem`)).toBe(texts.zh[reason]);
      }
      expect(await page.textContent('#verdict')).toBe(texts.zh['noAnswerYet']);
      expect(sample.upstream.calls()).toBe(0);
      await close();
    },
    PATIENCE,
  );

  it(
    'offers a new person with each trouble, draws what came of it, and undoes it with the trouble',
    async () => {
      const { page, problems } = await pageIn();
      await pick(page, '20001');
      const inTrouble = async (trouble: string) => {
        const before = await page.inputValue('#idCard');
        await page.click(`#trouble-${trouble}`);
        await page.waitForSelector(`#trouble-${trouble}[aria-pressed=true]`);
        await until(page, `document.querySelector('#idCard').value !== '${before}'`);
        return submit(page);
      };
      expect(await inTrouble('busy')).toBe(texts.en['busy']);
      expect(await page.locator('rect.bar.upstream').count()).toBe(2);
      expect(await page.locator('.gap').count()).toBe(1);
      expect(await page.locator('.coin').count()).toBe(0);

      expect(await inTrouble('dropping')).toBe(texts.en['lost']);
      expect(await page.locator('.message.broken').count()).toBe(1);
      expect(await page.locator('.coin.unknown').count()).toBe(1);
      expect(await page.textContent('.doubt-label')).toMatch(/^in doubt until \d/);
      expect(await page.textContent('figcaption')).toContain('maybe paid');
      // Forgetting the person ends the doubt: the next question is asked again.
      await page.click('#undo');
      await page.waitForSelector(`#toast:text-is("${texts.en['undone']}")`);
      expect(await submit(page)).toBe(texts.en['lost']);
      expect(await submit(page)).toBe(texts.en['doubt']);

      expect(await inTrouble('hanging')).toBe(texts.en['timeout']);
      expect(await inTrouble('quota')).toBe(texts.en['account']);
      await page.click('#fresh');
      await page.waitForSelector('#answer.stale');
      expect(await submit(page)).toBe(texts.en['latched']);
      expect(await stepState(page, 'latch')).toBe('stopped');
      expect(await page.textContent('.explanation')).toMatch(/Try again in [45] min.*, at \d/);

      await page.click('#trouble-none');
      await page.waitForSelector('#trouble-none[aria-pressed=true]');
      await page.waitForSelector(`#status dd:text-is("${texts.en['latch_none']}")`);
      expect(await submit(page)).toBe(texts.en['no_record']);
      expect(problems).toEqual([]);
    },
    PATIENCE,
  );

  it(
    'keeps effects when asked to, and starts over with one button',
    async () => {
      const { page } = await pageIn();
      await page.check('#keep');
      await pick(page, '10009');
      expect(await pick(page, '00001')).toBe(texts.en['latched']);
      await page.click('#undo');
      await page.waitForSelector(`#status dd:text-is("${texts.en['latch_none']}")`);
      expect(await submit(page)).toBe(texts.en['match']);
      await pick(page, '10009');
      await page.uncheck('#keep');
      for (let n = 1; n <= 6; n++) await ask(page, { ...beta, mobile: `1600002006${n}` });
      await page.click('#reset');
      await page.waitForSelector('#answer[data-phase=idle]');
      await page.waitForSelector('#journal-empty:not([hidden])');
      expect(await page.textContent('#history-words')).toBe(texts.en['historyEmpty']);
      expect(await ask(page, { ...beta, mobile: '16000020067' })).toBe(texts.en['mismatch']);
    },
    PATIENCE,
  );

  it(
    'follows calls and troubles of others, the newest call first, with its code',
    async () => {
      const { page } = await pageIn();
      sample.upstream.enqueue('mismatch', 'mismatch', 'code-10015');
      await page.waitForSelector(`#trouble-state:has-text("${texts.en['trouble_other_meaning']}")`);
      for (const person of [alpha, beta]) await sample.post('/verifications', person);
      await sample.post('/loan-applications', { ...beta, mobile: '16000021055' });
      await page.waitForSelector('#journal tr:first-child:has-text("10015")');
      expect(await page.textContent('#journal tr:first-child')).toContain('160******55');
      expect(await page.locator('#journal tr').count()).toBe(3);
      sample.upstream.setQuota({ callsLeft: 0 });
      await page.waitForSelector('#trouble-quota[aria-pressed=true]');
      sample.upstream.reset();
      await page.waitForSelector('#trouble-none[aria-pressed=true]');
    },
    PATIENCE,
  );

  it(
    'says that the mock answers for test identities only, and fills one in',
    async () => {
      const { page } = await pageIn();
      expect(await ask(page, realLooking())).toBe(texts.en['real_looking']);
      await page.click('#fill-in');
      await page.waitForSelector('#answer.stale');
      expect(await page.inputValue('#mobile')).toMatch(/^160000\d{5}$/);
      expect(await page.evaluate('document.activeElement?.id')).toBe('submit');
      expect(await submit(page)).toBe(texts.en['no_record']);
    },
    PATIENCE,
  );

  it(
    'shows the time and the deadline while it waits, and what it means to stop waiting',
    async () => {
      const { page } = await pageIn();
      // Held back here, so that no deadline of the sample comes first on a slow machine.
      await page.route('**/verifications', () => undefined);
      await page.click('#fresh');
      await until(page, 'document.querySelector("#mobile").value !== ""');
      await page.click('#submit');
      await until(page, '/^[\\d.]+ s, at most 2.5 s$/.test(document.querySelector("#elapsed")?.textContent)');
      expect(await page.textContent('#cancel-hint')).toBe(texts.en['cancelHint']);
      await page.click('#cancel');
      await page.waitForSelector(`#answer[data-phase=answered] h3:text-is("${texts.en['cancelled']}")`);
      expect(await page.textContent('#answer')).toContain('Maybe: counted as paid');
      await page.unroute('**/verifications');
    },
    PATIENCE,
  );

  it(
    'shows the guarded route as the applicant sees it, and the second instance',
    async () => {
      const { page } = await pageIn();
      await page.click('label:has([value=signup])');
      expect(await pick(page, '00002')).toBe(texts.en['denied']);
      const seen = (await page.textContent('.applicant pre')) ?? '';
      expect(seen).toMatch(/^HTTP 403\n/);
      expect(seen).not.toMatch(/mismatch|10000|idCard|ledger/i);
      expect(await page.textContent('#answer-body .facts')).toContain(texts.en['mismatch']);
      expect(await page.textContent('#code mark')).toContain('@RequireVerifiedIdentity()');
      await page.click('label:has([value=lending])');
      expect(await pick(page, '20003')).toBe(texts.en['match']);
      expect(await page.textContent('#answer-body .facts')).toContain('lending');
      expect(await page.textContent('#code')).toContain("name: 'lending'");
      await page.click('label:has([value=office])');
    },
    PATIENCE,
  );

  it(
    'explains the limits of the application, a ledger that does not answer and an unreachable upstream',
    async () => {
      const withMobile = (n: number) => ({ ...alpha, mobile: `1600002005${n}` });
      await withSample({ IDENTITY_VERIFY_CALLS_PER_DAY: '1', SAMPLE_REQUESTS_PER_MINUTE: '2' }, async ({ url }) => {
        const { page, close } = await openPage(browser, url);
        const seen = [];
        for (const n of [1, 2, 3]) seen.push(await ask(page, withMobile(n)));
        expect(seen.slice(1)).toEqual([texts.en['budget'], texts.en['throttled']]);
        await close();
      });
      const { page } = await pageIn();
      let last = '';
      for (const n of [1, 2, 3, 4, 5, 6]) last = await ask(page, withMobile(n));
      expect(last).toBe(texts.en['guessing']);
      expect(await stepState(page, 'subject')).toBe('stopped');

      const redis = 'redis://:a-password@127.0.0.1:1';
      await withSample({ REDIS_URL: redis, IDENTITY_VERIFY_BASE_URL: 'http://127.0.0.1:9' }, async ({ url }) => {
        for (const [language, locale] of LANGUAGES) {
          const { page: other, problems, close } = await openPage(browser, url, { locale });
          const status = (await other.textContent('#status')) ?? '';
          expect(status).toContain(texts[language]['ledger_redis']);
          expect(status).toContain(texts[language]['ledgerSilent']);
          expect(await ask(other, alpha)).toBe(texts[language]['ledger_down']);
          await other.waitForSelector(`#mock-gone:text-is("${texts[language]['mockGone']}")`);
          expect(await other.content()).not.toMatch(/a-password|127\.0\.0\.1:1\b/);
          expect(problems).toEqual([]);
          await close();
        }
      });
    },
    PATIENCE,
  );

  it(
    'says in every panel that the sample does not answer, and that a call may have been paid for',
    async () => {
      let page: Page | undefined;
      await withSample({ IDENTITY_VERIFY_BASE_URL: 'http://127.0.0.1:9' }, async ({ url }) => {
        ({ page } = await openPage(browser, url));
        expect(await ask(page, alpha)).toBe(texts.en['unreachable']);
      });
      const orphan = page!;
      await orphan.waitForSelector('#gone:has-text("may have been paid for")');
      const panels = await orphan.locator('[data-follows]').count();
      expect(panels).toBeGreaterThanOrEqual(5);
      expect(await orphan.locator('[data-follows] .gone-badge:not([hidden])').count()).toBe(panels);
      expect(await submit(orphan)).toBe(texts.en['offline']);
      expect(await orphan.textContent('#answer')).toContain('may have been paid for');
      await orphan.close();
    },
    PATIENCE,
  );

  it(
    'requires a confirmation for a paid call, with the focus on cancel, and refuses test identities before it',
    async () => {
      const live = {
        IDENTITY_VERIFY_APP_CODE: 'app-code-for-tests',
        IDENTITY_VERIFY_BASE_URL: 'https://upstream.invalid',
      };
      await withSample(live, async ({ url }) => {
        const { page, problems, close } = await openPage(browser, url);
        expect(await page.textContent('#live-warning')).toContain('¥0.42');
        expect(await page.locator('.mock-only:visible').count()).toBe(0);
        expect(await ask(page, alpha)).toBe(texts.en['reserved']);
        expect(await page.locator('dialog').count()).toBe(0);

        // In an unallocated block too, but not reserved by the contract.
        await fillForm(page, { ...alpha, mobile: '16100020001' });
        await page.click('#submit');
        await page.waitForSelector('#confirm[open]');
        expect(await page.textContent('#confirm-text')).toContain('¥0.42');
        expect(await page.evaluate('document.activeElement?.textContent')).toBe(texts.en['confirmNo']);
        await page.keyboard.press('Enter');
        await page.waitForSelector('#confirm', { state: 'detached' });
        expect(await page.textContent('#answer h3')).toBe(texts.en['reserved']);
        await page.click('#submit');
        expect(await answered(page, () => page.click('#confirm [value=yes]'))).toBe(texts.en['unreachable']);
        expect(problems).toEqual([]);
        await close();
      });
    },
    PATIENCE,
  );

  it(
    'works with the keyboard alone',
    async () => {
      const { page, close } = await openPage(browser, sample.url);
      const { keyboard } = page;
      await keyboard.press('Tab');
      await keyboard.press('Enter'); // the skip link
      for (const value of [beta.name, beta.idCard, beta.mobile]) {
        await keyboard.press('Tab');
        await keyboard.type(value);
      }
      expect(await answered(page, () => keyboard.press('Enter'))).toBe('Match');
      expect(await page.textContent('#announcement')).toContain('Match');
      await page.focus('[name=route]:checked');
      await keyboard.press('ArrowRight');
      expect(await page.isChecked('[value=signup]')).toBe(true);
      await page.focus(chip('00002'));
      expect(await answered(page, () => keyboard.press('Enter'))).toBe(texts.en['denied']);
      await page.focus('#trouble-busy');
      await keyboard.press('Space');
      await until(page, 'document.activeElement?.id === "submit"');
      expect(await answered(page, () => keyboard.press('Enter'))).toBe(texts.en['busy']);
      await close();
    },
    PATIENCE,
  );

  it(
    'has no axe violations, light and dark, wide and narrow, before and after an answer',
    async () => {
      const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      for (const [colorScheme, width, locale, suffix] of VIEWS) {
        const { page, problems, close } = await openPage(browser, sample.url, {
          colorScheme,
          width,
          locale,
          reducedMotion: 'no-preference',
        });
        // Through the debugger, to which the content security policy does not apply.
        await page.evaluate(axe);
        const findings = async () => {
          // At the end of the animations, whose colours are half-way in between.
          await page.evaluate('Promise.all(document.getAnimations().map(({ finished }) => finished))');
          const found = await page.evaluate(
            'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))',
          );
          expect(found).toEqual([]);
        };
        await findings();
        await page.evaluate('for (const group of document.querySelectorAll("#identities details")) group.open = true');
        await pick(page, suffix);
        await findings();
        await page.fill('#name', 'x');
        await findings();
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        expect(problems).toEqual([]);
        await close();
      }
    },
    PATIENCE,
  );
});
