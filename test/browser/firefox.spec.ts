import { TEST_POPULATION } from '@identity-verify/contract';
import { startMockServer } from '@identity-verify/mock-server';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startSample } from '../end-to-end/sample.harness.js';
import { ask } from '../mock/support.js';
import { describeInFirefox, Firefox } from './firefox.support.js';

const MINUTE = 60_000;

describeInFirefox('both pages in Firefox', () => {
  let firefox: Firefox;
  beforeAll(async () => {
    firefox = await Firefox.start();
  }, 2 * MINUTE);
  afterAll(() => firefox.close(), MINUTE);

  it(
    'the page of the mock opens, and shows a call',
    async () => {
      const mock = await startMockServer({ port: 0 });
      try {
        await ask(mock, 'firefox');
        await firefox.open(mock.url);
        await firefox.waitFor('html[data-ready] #journal tbody tr');
        expect(await firefox.evaluate(`document.querySelector('#journal tbody').innerText`)).toContain('state-1');
        expect(firefox.problems).toEqual([]);
      } finally {
        await mock.close();
      }
    },
    2 * MINUTE,
  );

  it(
    'the page of the sample opens, and shows an answer',
    async () => {
      const [person] = TEST_POPULATION;
      const sample = await startSample({ SAMPLE_LOG_LEVEL: 'error' });
      try {
        await firefox.open(sample.url);
        await firefox.waitFor('html[data-ready]');
        const fields = Object.entries({ name: person.name, idCard: person.idCard, mobile: person.mobile });
        for (const [field, value] of fields) {
          await firefox.evaluate(`(() => {
            const input = document.getElementById('${field}');
            input.value = ${JSON.stringify(value)};
            input.dispatchEvent(new Event('input', { bubbles: true }));
            return '';
          })()`);
        }
        await firefox.evaluate(`(document.querySelector('#form [type=submit]').click(), '')`);
        await firefox.waitFor('#answer h3');
        expect(await firefox.evaluate(`document.querySelector('#answer').innerText`)).not.toBe('');
        expect(firefox.problems).toEqual([]);
      } finally {
        await sample.close();
      }
    },
    2 * MINUTE,
  );
});
