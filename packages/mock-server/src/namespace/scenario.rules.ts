import type { PersonFields } from '../journal/journal.types.js';
import { maskIdCard, maskMobile, maskName } from '../journal/mask.js';
import { toPlay, type Play } from './scenario.queue.js';
import { ScenarioSettingsError } from './settings.check.js';
import { SharedAllowance } from '../support/shared.allowance.js';

/** "Whenever such a question comes, this is the answer." */
export interface ScenarioRule {
  /** Exact values of the fields; those not given match anything. At least one. */
  readonly when: Partial<PersonFields>;
  /** Id or alias of a scenario. */
  readonly scenario: string;
  /** Delay before the reply, in milliseconds; in place of the namespace's latency. */
  readonly latencyMs?: number;
  /** For gateway scenarios: another of the statuses under which the row was seen. */
  readonly httpStatus?: number;
}

/** A rule as it is shown: its values masked. */
export interface ListedRule {
  /** Number of the rule within the namespace. */
  readonly id: number;
  readonly when: Partial<PersonFields>;
  readonly scenario: string;
  /** How often it answered. */
  readonly hits: number;
}

interface Entry {
  readonly id: number;
  readonly when: Partial<PersonFields>;
  readonly play: Play;
  hits: number;
}

/** The most rules of a namespace: each is tried for every call. */
export const MAX_RULES = 1_000;

/** Standing rules; the youngest that matches wins, so that a test can override its fixture. */
export class ScenarioRules {
  #entries: Entry[] = [];
  #lastId = 0;
  readonly #allowance: SharedAllowance;

  /** @param allowance what all namespaces may hold together */
  constructor(allowance = new SharedAllowance(Infinity)) {
    this.#allowance = allowance;
  }

  /** @returns the rule's id. @throws UnknownScenarioError, ScenarioSettingsError */
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

  /** The play of the youngest rule that matches, counted as a hit. */
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

  /** @returns whether there was such a rule */
  remove(id: number): boolean {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    this.#allowance.give(before - this.#entries.length);
    return this.#entries.length < before;
  }

  /** All rules, the youngest first, masked. */
  list(): readonly ListedRule[] {
    return this.#entries.map(({ id, when, play, hits }) => ({
      id,
      when: {
        ...(when.name !== undefined && { name: maskName(when.name) }),
        ...(when.idCard !== undefined && { idCard: maskIdCard(when.idCard) }),
        ...(when.mobile !== undefined && { mobile: maskMobile(when.mobile) }),
      },
      scenario: play.scenario.id,
      hits,
    }));
  }

  clear(): void {
    this.#allowance.give(this.#entries.length);
    this.#entries = [];
    this.#lastId = 0;
  }
}
