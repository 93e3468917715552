import { describe, expect, it } from '@jest/globals';
import { Fingerprinter } from '../journal/fingerprint.js';
import type { JournalEntry } from '../journal/journal.types.js';
import { JournalIncompleteError } from '../journal/expectation.types.js';
import { realTimer } from '../support/timer.js';
import { MockNamespace } from './mock-namespace.js';
import { NamespaceRegistry } from './namespace.registry.js';
import { NonceBudget } from './nonce.memory.js';
import type { NamespaceState } from './namespace.state.js';
import { ScenarioSettingsError } from './settings.check.js';

const environment = { now: () => 0, seed: 's', idSeed: 's', journalSize: 10 };
const code = (name: string) => ({ kind: 'code', code: name }) as const;

describe('the registry of namespaces', () => {
  it('returns the same namespace to the same owner, and separates an AppCode from an equal AppKey', () => {
    const registry = new NamespaceRegistry(environment, 10);
    expect(registry.of(code('a'))).toBe(registry.of(code('a')));
    expect(registry.of(code('a'))).not.toBe(registry.of({ kind: 'app', appKey: 'a' }));
  });

  it('drops the least recently used namespace, and marks its successor as possibly incomplete', () => {
    const registry = new NamespaceRegistry(environment, 2);
    const [a] = [registry.of(code('a')), registry.of(code('b')), registry.of(code('a'))];
    const c = registry.of(code('c'));
    expect(registry.of(code('a'))).toBe(a);
    expect(registry.size).toBe(2);
    expect(registry.peek(code('b'))).toBeUndefined();
    expect([a?.mayHaveLost, c.mayHaveLost]).toEqual([false, true]);
    c.reset();
    expect(c.mayHaveLost).toBe(false);
  });

  it('releases the nonces of a dropped namespace', () => {
    const nonces = new NonceBudget(10);
    const registry = new NamespaceRegistry({ ...environment, nonces }, 1);
    registry.of(code('a')).nonces.use('n', 1_000);
    expect(nonces.used).toBe(1);
    registry.of(code('b'));
    expect(nonces.used).toBe(0);
  });

  it('identifies a namespace by a hash that does not contain the credential', () => {
    const { id } = new NamespaceRegistry(environment, 2).of(code('abcdef12'));
    expect(id).toMatch(/^[0-9a-f]{8}$/);
    expect(id).not.toBe('abcdef12');
  });

  it('limits the total state of all namespaces, and reclaims the share of a dropped one', () => {
    const registry = new NamespaceRegistry({ ...environment, journalSize: 1000 }, 50);
    const plays = Array.from({ length: 10_000 }, () => 'match');
    const refusals = { queue: 0, rules: 0 };
    const attempt = (what: keyof typeof refusals, work: () => void) => {
      try {
        work();
      } catch (error) {
        expect(error).toBeInstanceOf(ScenarioSettingsError);
        refusals[what]++;
      }
    };
    const fill = (state: NamespaceState) => {
      attempt('queue', () => state.queue.enqueue(plays));
      for (let rule = 0; rule < 1_000; rule++)
        attempt('rules', () => state.rules.add({ when: { name: String(rule) }, scenario: 'match' }));
      state.throttle.set({ sameParameter: { limit: 1 } });
      for (let question = 0; question < 5_000; question++) state.throttle.questionRefusal(String(question), 0);
    };
    for (let i = 0; i < 50; i++) fill(registry.of(code(`n${i}`)));
    expect(refusals.queue).toBeGreaterThan(0);
    expect(refusals.rules).toBeGreaterThan(0);

    const held = () => [...registry.all()].reduce((sum, { queue }) => sum + queue.length, 0);
    const before = held();
    // The full, least recently used namespace is evicted for a new one.
    const late = registry.of(code('late'));
    expect(held()).toBe(before - 10_000);
    expect(() => late.queue.enqueue(plays)).not.toThrow();
    expect(() => late.queue.enqueue(['match'])).toThrow(/at most/);
  });

  it('stores nothing for a namespace that is dropped during a call', () => {
    const registry = new NamespaceRegistry(environment, 1);
    const dropped = registry.of(code('a'));
    registry.of(code('b'));
    dropped.journal.append({ index: 1, billed: 'no', fen: 0, decidedBy: 'queue' } as JournalEntry);
    expect([dropped.journal.size, dropped.mayHaveLost]).toEqual([0, true]);
  });

  it('never exposes the journal of a dropped namespace through an old handle', async () => {
    const registry = new NamespaceRegistry(environment, 1);
    const handle = new MockNamespace(() => registry.of(code('a')), new Fingerprinter(Buffer.alloc(32)), realTimer);
    expect(handle.calls()).toBe(0);
    registry.of(code('b'));
    // A call of `a` may have been lost in between, so zero calls cannot be proven.
    await expect(handle.verify({ times: 0 })).rejects.toThrow(JournalIncompleteError);
  });
});
