import type { Fingerprinter } from '../journal/fingerprint.js';
import type { Cost, JournalEntry } from '../journal/journal.types.js';
import { isSettled, verifyJournal } from '../journal/journal.verifier.js';
import { MockVerificationError, type JournalExpectation, type JournalVerdict } from '../journal/expectation.types.js';
import type { SetTimer } from '../support/timer.js';
import { checkLatency, type LatencySettings } from './latency.js';
import type { NamespaceState } from './namespace.state.js';
import type { QuotaSettings, QuotaState } from './quota.js';
import type { Play, QueueEntry, QueuedScenario } from './scenario.queue.js';
import type { ListedRule, ScenarioRule } from './scenario.rules.js';
import { ScenarioSettingsError } from './settings.check.js';
import type { ThrottleSettings } from './throttle.js';

/** Maximum number of concurrent verifications that wait in a namespace. */
const MAX_WAITING = 100;

/**
 * The part of the mock that belongs to one credential: queue, rules, journal, quota, throttles and clock. Its settings
 * apply only to calls with that credential, and only those calls appear in it.
 */
export class MockNamespace {
  readonly #find: () => NamespaceState;
  readonly #fingerprints: Fingerprinter;
  readonly #setTimer: SetTimer;

  /**
   * Created by `mock.namespace(…)`.
   *
   * @param find looks the state up for each use, because the registry can drop and recreate it
   */
  constructor(find: () => NamespaceState, fingerprints: Fingerprinter, setTimer: SetTimer) {
    this.#find = find;
    this.#fingerprints = fingerprints;
    this.#setTimer = setTimer;
  }

  get #state(): NamespaceState {
    return this.#find();
  }

  /** Short hash of the credential, for logs and the page. */
  get id(): string {
    return this.#state.id;
  }

  /**
   * Enqueues scenarios for the next calls. Each answers one call, in order, before any other rule.
   *
   * @throws UnknownScenarioError with the nearest names
   * @throws ScenarioSettingsError; on an error, nothing is enqueued
   */
  enqueue(...scenarios: readonly (string | QueuedScenario)[]): void {
    this.#state.queue.enqueue(scenarios);
  }

  /** The queued scenarios, next first. */
  queued(): readonly string[] {
    return this.#state.queue.list().map(({ scenario }) => scenario.id);
  }

  /** The queued scenarios with their settings, next first. */
  queuedPlays(): readonly Play[] {
    return this.#state.queue.list();
  }

  /** The queued scenarios with their settings and ids, next first. */
  queueEntries(): readonly QueueEntry[] {
    return this.#state.queue.entries();
  }

  /** Removes one queued scenario. @returns false if there is no such entry */
  removeQueued(id: number): boolean {
    return this.#state.queue.remove(id);
  }

  /** Empties the queue. */
  clearQueue(): void {
    this.#state.queue.clear();
  }

  /** Adds a rule for all calls with these fields. @returns the number of the rule */
  addRule(rule: ScenarioRule): number {
    return this.#state.rules.add(rule);
  }

  /** Removes a rule. @returns false if there is no such rule */
  removeRule(id: number): boolean {
    return this.#state.rules.remove(id);
  }

  clearRules(): void {
    this.#state.rules.clear();
  }

  /** The rules, newest first, in the order in which they are tried. */
  rules(): readonly ListedRule[] {
    return this.#state.rules.list();
  }

  /** The kept journal entries, oldest first. */
  journal(): readonly JournalEntry[] {
    return this.#state.journal.entries();
  }

  /** Number of entries recorded since the last reset, including evicted ones. */
  journalled(): number {
    return this.#state.journal.total;
  }

  /** Clears the journal and the cost. Everything else remains. */
  clearJournal(): void {
    this.#state.clearJournal();
  }

  /** Number of calls since the last reset, including calls no longer in the journal. */
  calls(): number {
    return this.#state.journal.cost.calls;
  }

  /** Calls and cost since the last reset. */
  cost(): Cost {
    return this.#state.journal.cost;
  }

  /**
   * Compares the journal with an expectation.
   *
   * @throws MockVerificationError if the expectation is not met; the message lists the nearest calls and their
   *   differences
   * @throws JournalIncompleteError if relevant entries were evicted
   */
  async verify(expectation: JournalExpectation = {}): Promise<JournalVerdict> {
    const result = await this.check(expectation);
    if (!result.ok) throw new MockVerificationError(result);
    return result;
  }

  /**
   * Like {@link verify}, but returns a failure instead of throwing it.
   *
   * @param signal aborts the wait and returns the current result
   * @throws JournalIncompleteError if relevant entries were evicted
   * @throws ScenarioSettingsError if too many verifications are waiting in this namespace
   */
  async check(expectation: JournalExpectation = {}, signal?: AbortSignal): Promise<JournalVerdict> {
    const now = () => verifyJournal(this.#state.journal, this.#fingerprints, expectation, this.#state.mayHaveLost);
    const first = now();
    if (!expectation.waitMs || isSettled(expectation, first) || signal?.aborted) return first;
    const { journal } = this.#state;
    // Each waiting verification scans the journal at every call.
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

  /** Sets the quota; `{}` is unlimited. @throws ScenarioSettingsError for a number out of range */
  setQuota(settings: QuotaSettings): void {
    this.#state.quota.set(settings, this.#state.clock.now());
  }

  quota(): QuotaState {
    return this.#state.quota.state;
  }

  /** Sets the rate limits; `{}` is unlimited. @throws ScenarioSettingsError for a number out of range */
  setThrottle(settings: ThrottleSettings): void {
    this.#state.throttle.set(settings);
  }

  throttle(): ThrottleSettings {
    return this.#state.throttle.settings;
  }

  /** Sets the latency. @default `{ kind: 'none' }` @throws ScenarioSettingsError for a number out of range */
  setLatency(settings: LatencySettings): void {
    checkLatency(settings);
    this.#state.latency = settings;
  }

  latency(): LatencySettings {
    return this.#state.latency;
  }

  /**
   * Advances the clock of this namespace. Quotas, windows and signatures expire accordingly.
   *
   * @throws ClockRangeError (a RangeError) if `ms` is negative or not finite, or the clock would pass the year 9999
   */
  advanceClock(ms: number): void {
    this.#state.clock.advance(ms);
  }

  /** The time on the clock of this namespace, in milliseconds since 1970. */
  now(): number {
    return this.#state.clock.now();
  }

  /** The offset of the clock from real time, in milliseconds. */
  clockOffsetMs(): number {
    return this.#state.clock.offsetMs;
  }

  /** Resets queue, rules, journal, cost, quota, throttles, latency, clock and seed. SeqNos continue. */
  reset(): void {
    this.#state.reset();
  }
}
