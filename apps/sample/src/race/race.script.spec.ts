import { TEST_BIRTH_DATE, TEST_MOBILES, isTestMobile } from '@identity-verify/contract';
import { checkIdentity } from '@identity-verify/nestjs';
import { describe, expect, it } from '@jest/globals';
import { isWrong, raceScript, type Submission } from './race.script.js';

const script = raceScript();
const submissions = script.steps.filter((step): step is Submission => step.kind === 'submit');
const RULES = { today: 20_260_101 };

describe('the script of the race', () => {
  it('is the same for equal seeds, and varies its moments alone with the seed', () => {
    expect(raceScript(script.seed)).toEqual(script);
    const other = raceScript(7);
    expect(other.steps).not.toEqual(script.steps);
    expect(other.people).toEqual(script.people);
  });

  it('has forty people who cannot be real, with valid identities, told apart by the first character of the name', () => {
    expect(script.people).toHaveLength(40);
    expect(new Set(script.people.map(({ identity }) => Array.from(identity.name)[0])).size).toBe(40);
    for (const { identity } of script.people) {
      expect(checkIdentity(identity, RULES)).toMatchObject({ ok: true, identity });
      expect(identity.idCard.slice(6, 14)).toBe(TEST_BIRTH_DATE);
      expect(isTestMobile(identity.mobile)).toBe(true);
      expect(TEST_MOBILES.map(({ mobile }) => mobile)).not.toContain(identity.mobile);
    }
    for (const { typed } of submissions) {
      expect(typed.name).toBe(script.people.find(({ identity }) => identity.name === typed.name)?.identity.name);
    }
  });

  it('has everything that a minute should show', () => {
    const count = (story: string) => script.people.filter((person) => person.story === story).length;
    expect(count('double_click')).toBeGreaterThan(0);
    expect(count('sent_twice')).toBeGreaterThan(0);
    expect(count('busy')).toBeGreaterThan(0);
    expect(count('time_out')).toBe(2);
    expect(script.people.filter(isWrong).length).toBeGreaterThan(0);
    for (const { kind, fromMs, toMs } of script.spells) {
      const times = submissions
        .filter(({ person, unlessLetIn }) => script.people[person]?.story === kind && !unlessLetIn)
        .map(({ atMs }) => atMs);
      expect(Math.min(...times)).toBeGreaterThan(fromMs);
      expect(Math.max(...times)).toBeLessThan(toMs);
    }
  });

  it('pastes what the module cleans, and mistypes what it refuses', () => {
    const typedBy = (story: string) =>
      submissions.filter(({ person, unlessLetIn }) => script.people[person]?.story === story && !unlessLetIn);
    for (const { typed, person } of typedBy('pasted')) {
      const { identity } = script.people[person]!;
      expect(typed).not.toEqual(identity);
      expect(checkIdentity(typed, RULES)).toMatchObject({ ok: true, identity });
    }
    for (const { typed } of typedBy('mistyped')) expect(checkIdentity(typed, RULES).ok).toBe(false);
  });

  it('is in the order of time and ends within the minute', () => {
    const times = script.steps.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(times.at(-1)).toBeLessThan(script.durationMs);
  });
});
