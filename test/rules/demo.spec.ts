import { TEST_MOBILES } from '@identity-verify/contract';
import { expect, it } from '@jest/globals';
import { demoQuestions } from '../../tools/lib/demo-questions.mjs';

it('pnpm demo asks about every reserved mobile, under the description of the contract', () => {
  const asked = demoQuestions().map(({ identity: { mobile }, description }) => ({ mobile, description }));
  const reserved = TEST_MOBILES.map(({ mobile, description }) => ({ mobile, description }));
  expect(asked).toEqual(expect.arrayContaining(reserved));
});
