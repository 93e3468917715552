import { describe, expect, it } from '@jest/globals';
import { SharedAllowance } from '../support/shared.allowance.js';
import { ScenarioQueue } from './scenario.queue.js';
import { ScenarioSettingsError } from './settings.check.js';
import { ScenarioRules } from './scenario.rules.js';

const person = { name: '测试甲', idCard: '110101190001010014', mobile: '16000020001' };

describe('the queue', () => {
  it('returns each scenario in order, as many times as requested', () => {
    const queue = new ScenarioQueue();
    queue.enqueue(['match', { scenario: '10017', times: 2, latencyMs: 5 }]);
    const ids = [queue.take(), queue.take(), queue.take(), queue.take()].map((play) => play?.scenario.id);
    expect(ids).toEqual(['state-1', 'code-10017', 'code-10017', undefined]);
  });

  it('removes an item by its id, and gives its place back', () => {
    const allowance = new SharedAllowance(3);
    const queue = new ScenarioQueue(allowance);
    queue.enqueue(['match', '10017', '10015']);
    const [first, second] = queue.entries();
    queue.take();
    expect([queue.remove(first?.id ?? 0), queue.remove(second?.id ?? 0), queue.remove(second?.id ?? 0)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(queue.entries()).toMatchObject([{ id: 3, scenario: { id: 'code-10015' } }]);
    queue.enqueue(['match', 'match']);
    expect(() => queue.enqueue(['match'])).toThrow(ScenarioSettingsError);
  });

  it('accepts nothing from a list with one invalid entry', () => {
    const queue = new ScenarioQueue();
    expect(() => queue.enqueue(['match', 'mtch'])).toThrow(/Did you mean "match"/);
    expect(queue.length).toBe(0);
  });

  it.each([
    [{ scenario: 'match', httpStatus: 429 }, /only gateway scenarios/],
    [{ scenario: 'throttled-by-app', httpStatus: 500 }, /403 and 429/],
    [{ scenario: 'match', times: 0 }, /whole number/],
    [{ scenario: 'match', times: 10_001 }, /10000/],
    [{ scenario: 'match', latencyMs: -1 }, /latencyMs/],
    [{ scenario: 'match', latencyMs: Number.NaN }, /latencyMs/],
  ])('rejects %j', (wanted, message) => {
    const queue = new ScenarioQueue();
    expect(() => queue.enqueue([wanted])).toThrow(ScenarioSettingsError);
    expect(() => queue.enqueue([wanted])).toThrow(message);
  });
});

describe('rules', () => {
  it('apply newest first', () => {
    const rules = new ScenarioRules();
    rules.add({ when: { mobile: person.mobile }, scenario: 'match' });
    const younger = rules.add({ when: { name: person.name }, scenario: 'mismatch' });
    expect(rules.match(person)?.id).toBe(younger);
    expect(rules.remove(younger)).toBe(true);
    expect(rules.match(person)?.play.scenario.id).toBe('state-1');
    expect(rules.match({ ...person, mobile: '16000020002' })).toBeUndefined();
  });

  it('are listed masked, with their number of hits', () => {
    const rules = new ScenarioRules();
    rules.add({ when: person, scenario: 'match' });
    rules.match(person);
    expect(rules.list()).toEqual([
      {
        id: 1,
        when: { name: '测*', idCard: '1*** … ***4', mobile: '160******01' },
        scenario: 'state-1',
        latencyMs: null,
        httpStatus: null,
        hits: 1,
      },
    ]);
  });

  it('require at least one field to match', () => {
    expect(() => new ScenarioRules().add({ when: {}, scenario: 'match' })).toThrow(/at least one/);
  });
});
