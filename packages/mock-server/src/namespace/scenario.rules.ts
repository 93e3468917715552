import type { PersonFields } from '../journal/journal.types.js';
import { maskIdCard, maskMobile, maskName } from '../journal/mask.js';
import { toPlay, type Play } from './scenario.queue.js';
import { ScenarioSettingsError } from './settings.check.js';
import { SharedAllowance } from '../support/shared.allowance.js';

/** A rule: calls with these fields get this scenario. */
export interface ScenarioRule {
  /** Exact values. A field that is not given matches any value. At least one is required. */
  readonly when: Partial<PersonFields>;
  /** Id or alias of a scenario. */
  readonly scenario: string;
  /** Delay before the reply, in milliseconds. Overrides the latency of the namespace. */
  readonly latencyMs?: number;
  /** For gateway scenarios: another documented status of the row. */
  readonly httpStatus?: number;
}

/** A rule with masked values. */
export interface ListedRule {
  /** Number of the rule within the namespace. */
  readonly id: number;
  readonly when: Partial<PersonFields>;
  readonly scenario: string;
  /** Delay before the reply, in milliseconds; null if the rule sets none. */
  readonly latencyMs: number | null;
  /** HTTP status that replaces the one of the scenario; null if it is not replaced. */
  readonly httpStatus: number | null;
  /** Number of calls that the rule answered. */
  readonly hits: number;
}

interface Entry {
  readonly id: number;
  readonly when: Partial<PersonFields>;
  readonly play: Play;
  hits: number;
}

/** Maximum rules of a namespace. Every call tries all of them. */
export const MAX_RULES = 1_000;

/** The rules of a namespace. The newest match wins, so that a test can override its fixture. */
export class ScenarioRules {
  #entries: Entry[] = [];
  #lastId = 0;
  readonly #allowance: SharedAllowance;

  /** @param allowance the limit that all namespaces share */
  constructor(allowance = new SharedAllowance(Infinity)) {
    this.#allowance = allowance;
  }

  /** Adds a rule. @returns its id @throws UnknownScenarioError, ScenarioSettingsError */
  add({ when, ...wanted }: ScenarioRule): number {
    if (when.name === undefined && when.idCard === undefined && when.mobile === undefined) {
      throw new ScenarioSettingsError('A rule needs at least one of name, idCard, mobile under "when".');
    }
    if (this.#entries.length >= MAX_RULES) {
      throw new ScenarioSettingsError(`A namespace holds ${MAX_RULES} rules at most.`);
    }
    const play = toPlay(wanted);
    if (!this.#allowance.take(1)) {
      throw new ScenarioSettingsError(
        `All namespaces hold ${this.#allowance.limit} rules at most. Reset namespaces that are done.`,
      );
    }
    const id = ++this.#lastId;
    this.#entries.unshift({ id, when, play, hits: 0 });
    return id;
  }

  /** Returns the play of the newest matching rule and counts the hit. */
  match(person: PersonFields): { id: number; play: Play } | undefined {
    const hit = this.#entries.find(
      ({ when }) =>
        (when.name === undefined || when.name === person.name) &&
        (when.idCard === undefined || when.idCard === person.idCard) &&
        (when.mobile === undefined || when.mobile === person.mobile),
    );
    if (hit) hit.hits++;
    return hit;
  }

  /** Removes a rule. @returns false if there is no such rule */
  remove(id: number): boolean {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    this.#allowance.give(before - this.#entries.length);
    return this.#entries.length < before;
  }

  /** All rules with masked values, newest first. */
  list(): readonly ListedRule[] {
    return this.#entries.map(({ id, when, play, hits }) => ({
      id,
      when: {
        ...(when.name !== undefined && { name: maskName(when.name) }),
        ...(when.idCard !== undefined && { idCard: maskIdCard(when.idCard) }),
        ...(when.mobile !== undefined && { mobile: maskMobile(when.mobile) }),
      },
      scenario: play.scenario.id,
      latencyMs: play.latencyMs ?? null,
      httpStatus: play.httpStatus ?? null,
      hits,
    }));
  }

  clear(): void {
    this.#allowance.give(this.#entries.length);
    this.#entries = [];
    this.#lastId = 0;
  }
}
