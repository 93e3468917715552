import type { Fingerprinter } from '../journal/fingerprint.js';
import type { Cost, JournalEntry } from '../journal/journal.types.js';
import { isSettled, verifyJournal } from '../journal/journal.verifier.js';
import { MockVerificationError, type JournalExpectation, type JournalVerdict } from '../journal/expectation.types.js';
import type { SetTimer } from '../support/timer.js';
import { checkLatency, type LatencySettings } from './latency.js';
import type { NamespaceState } from './namespace.state.js';
import type { QuotaSettings, QuotaState } from './quota.js';
import type { Play, QueuedScenario } from './scenario.queue.js';
import type { ListedRule, ScenarioRule } from './scenario.rules.js';
import { ScenarioSettingsError } from './settings.check.js';
import type { ThrottleSettings } from './throttle.js';

/** The most verifications of a namespace that wait at one time. */
const MAX_WAITING = 100;

/**
 * One credential's part of the mock: its queue, rules, journal, quota, throttles, clock. Whoever calls with that
 * credential, and nobody else, gets what is set up here and shows up here.
 */
export class MockNamespace {
  readonly #find: () => NamespaceState;
  readonly #fingerprints: Fingerprinter;
  readonly #setTimer: SetTimer;

  /**
   * Use `mock.namespace(…)`.
   * @param find looks the state up: one that was dropped must not be taken for the one that calls go to
   */
  constructor(find: () => NamespaceState, fingerprints: Fingerprinter, setTimer: SetTimer) {
    this.#find = find;
    this.#fingerprints = fingerprints;
    this.#setTimer = setTimer;
  }

  get #state(): NamespaceState {
    return this.#find();
  }

  /** Short hash of the credential: what logs and the page show of it. */
  get id(): string {
    return this.#state.id;
  }

  /**
   * Decides about the next calls: one scenario each, in order, before any other rule is asked.
   *
   * @throws UnknownScenarioError with the nearest names, ScenarioSettingsError; then nothing is enqueued
   */
  enqueue(...scenarios: readonly (string | QueuedScenario)[]): void {
    this.#state.queue.enqueue(scenarios);
  }

  /** The scenarios still waiting, next first. */
  queued(): readonly string[] {
    return this.#state.queue.list().map(({ scenario }) => scenario.id);
  }

  /** The same, with how each is to be played. */
  queuedPlays(): readonly Play[] {
    return this.#state.queue.list();
  }

  /** Empties the queue. */
  clearQueue(): void {
    this.#state.queue.clear();
  }

  /** Decides about every call with these fields, until removed. @returns the rule's number */
  addRule(rule: ScenarioRule): number {
    return this.#state.rules.add(rule);
  }

  /** @returns whether there was such a rule */
  removeRule(id: number): boolean {
    return this.#state.rules.remove(id);
  }

  clearRules(): void {
    this.#state.rules.clear();
  }

  /** The standing rules, the youngest (which is asked first) first. */
  rules(): readonly ListedRule[] {
    return this.#state.rules.list();
  }

  /** What arrived and is still kept, oldest first. */
  journal(): readonly JournalEntry[] {
    return this.#state.journal.entries();
  }

  /** How many entries were journalled since the last reset, whether or not they are still kept. */
  journalled(): number {
    return this.#state.journal.total;
  }

  /** Forgets what arrived and what it cost; everything else stays. */
  clearJournal(): void {
    this.#state.clearJournal();
  }

  /** How many calls arrived since the last reset, whether or not they are still in the journal. */
  calls(): number {
    return this.#state.journal.cost.calls;
  }

  /** Calls and money since the last reset. */
  cost(): Cost {
    return this.#state.journal.cost;
  }

  /**
   * Holds the journal against an expectation.
   *
   * @throws MockVerificationError when it is not met; its message names the nearest calls and how they differ
   * @throws JournalIncompleteError when entries that matter are gone
   */
  async verify(expectation: JournalExpectation = {}): Promise<JournalVerdict> {
    const result = await this.check(expectation);
    if (!result.ok) throw new MockVerificationError(result);
    return result;
  }

  /**
   * Like {@link verify}, but reports a failure instead of throwing it.
   *
   * @param signal ends the waiting at once, with what is known by then
   * @throws JournalIncompleteError; ScenarioSettingsError when too many wait in this namespace already
   */
  async check(expectation: JournalExpectation = {}, signal?: AbortSignal): Promise<JournalVerdict> {
    const now = () => verifyJournal(this.#state.journal, this.#fingerprints, expectation, this.#state.mayHaveLost);
    const first = now();
    if (!expectation.waitMs || isSettled(expectation, first) || signal?.aborted) return first;
    const { journal } = this.#state;
    // Each of them looks through the journal at every call.
    if (journal.listeners >= MAX_WAITING) {
      throw new ScenarioSettingsError(`${MAX_WAITING} verifications wait in this namespace already, and no more may.`);
    }
    return new Promise<JournalVerdict>((resolve, reject) => {
      const finish = (onlyWhenSettled: boolean) => {
        try {
          const result = now();
          if (onlyWhenSettled && !isSettled(expectation, result)) return;
          resolve(result);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
        cancelTimer();
        unsubscribe();
        signal?.removeEventListener('abort', finishNow);
      };
      const finishNow = () => finish(false);
      const unsubscribe = journal.subscribe(() => finish(true));
      const cancelTimer = this.#setTimer(finishNow, expectation.waitMs ?? 0);
      signal?.addEventListener('abort', finishNow);
    });
  }

  /** Sets what may still be spent; `{}` is unlimited. @throws ScenarioSettingsError for a number out of bounds */
  setQuota(settings: QuotaSettings): void {
    this.#state.quota.set(settings, this.#state.clock.now());
  }

  quota(): QuotaState {
    return this.#state.quota.state;
  }

  /** Sets how fast and how often may be asked; `{}` is unlimited. @throws ScenarioSettingsError as above */
  setThrottle(settings: ThrottleSettings): void {
    this.#state.throttle.set(settings);
  }

  throttle(): ThrottleSettings {
    return this.#state.throttle.settings;
  }

  /** Sets how long replies take; `{ kind: 'none' }` is the default. @throws ScenarioSettingsError as above */
  setLatency(settings: LatencySettings): void {
    checkLatency(settings);
    this.#state.latency = settings;
  }

  latency(): LatencySettings {
    return this.#state.latency;
  }

  /**
   * Puts the clock of this namespace forward: quotas expire, windows end, signatures grow old.
   * @throws ClockRangeError (a RangeError) when `ms` is negative or not finite, or the clock would pass the year 9999
   */
  advanceClock(ms: number): void {
    this.#state.clock.advance(ms);
  }

  /** Milliseconds since 1970 on this namespace's clock. */
  now(): number {
    return this.#state.clock.now();
  }

  /** How far this namespace's clock is ahead, in milliseconds. */
  clockOffsetMs(): number {
    return this.#state.clock.offsetMs;
  }

  /** Back to the beginning: queue, rules, journal, cost, quota, throttles, latency, clock and seed. SeqNos count on. */
  reset(): void {
    this.#state.reset();
  }
}
