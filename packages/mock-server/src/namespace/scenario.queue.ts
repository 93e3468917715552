import { requireScenario } from '../scenario/scenario.catalogue.js';
import type { Scenario } from '../scenario/scenario.types.js';
import { MAX_LATENCY_MS, ScenarioSettingsError } from './settings.check.js';
import { SharedAllowance } from '../support/shared.allowance.js';

/** A scenario for the next calls. */
export interface QueuedScenario {
  /** Id or alias of a scenario. */
  readonly scenario: string;
  /**
   * Number of calls.
   * @default 1
   */
  readonly times?: number;
  /** Delay before the reply, in milliseconds. Overrides the latency of the namespace. */
  readonly latencyMs?: number;
  /** For gateway scenarios: another documented status of the row. */
  readonly httpStatus?: number;
}

/** A scenario with its settings. */
export interface Play {
  readonly scenario: Scenario;
  readonly latencyMs?: number;
  readonly httpStatus?: number;
}

/** A play in the queue. */
export interface QueueEntry extends Play {
  /** Number of the entry in its queue, from 1. It stays the same while other entries are taken or removed. */
  readonly id: number;
}

/** Maximum queue length of a namespace. A longer queue is likely a loop by mistake. */
export const MAX_QUEUE = 10_000;

/**
 * Resolves a scenario and checks its settings.
 *
 * @throws UnknownScenarioError, ScenarioSettingsError
 */
export function toPlay(wanted: QueuedScenario): Play {
  const scenario = requireScenario(wanted.scenario);
  const { latencyMs, httpStatus } = wanted;
  if (httpStatus !== undefined) {
    const known = scenario.effect.kind === 'gateway' ? scenario.effect.row.statuses : [];
    if (!known.includes(httpStatus)) {
      const hint = known.length ? `it was seen with ${known.join(' and ')}` : 'only gateway scenarios have one';
      throw new ScenarioSettingsError(`"${scenario.id}" cannot have httpStatus ${httpStatus}: ${hint}.`);
    }
  }
  if (latencyMs !== undefined && !(latencyMs >= 0 && latencyMs <= MAX_LATENCY_MS)) {
    throw new ScenarioSettingsError(`latencyMs must be 0 to ${MAX_LATENCY_MS}.`);
  }
  return { scenario, ...(latencyMs !== undefined && { latencyMs }), ...(httpStatus !== undefined && { httpStatus }) };
}

/** A queue of scenarios. Each answers one call, in order. */
export class ScenarioQueue {
  #plays: Play[] = [];
  /** The id of each play. Kept apart, because equal plays are one object. */
  #ids: number[] = [];
  #lastId = 0;
  /** Index of the first queued item. Shifting an array of thousands at every call would be slow. */
  #head = 0;
  readonly #allowance: SharedAllowance;

  /** @param allowance the limit that the queues of all namespaces share */
  constructor(allowance = new SharedAllowance(Infinity)) {
    this.#allowance = allowance;
  }

  get length(): number {
    return this.#plays.length - this.#head;
  }

  /** Appends all items, or none on an error. @throws UnknownScenarioError, ScenarioSettingsError */
  enqueue(wanted: readonly (string | QueuedScenario)[]): void {
    const plays: Play[] = [];
    for (const item of wanted) {
      const settings = typeof item === 'string' ? { scenario: item } : item;
      const times = settings.times ?? 1;
      if (!Number.isInteger(times) || times < 1 || plays.length + times + this.length > MAX_QUEUE) {
        throw new ScenarioSettingsError(`times must be a whole number from 1, and a queue holds ${MAX_QUEUE} at most.`);
      }
      const play = toPlay(settings);
      for (let i = 0; i < times; i++) plays.push(play);
    }
    if (!this.#allowance.take(plays.length)) {
      throw new ScenarioSettingsError(
        `The queues of all namespaces hold ${this.#allowance.limit} scenarios at most. Reset namespaces that are done.`,
      );
    }
    this.#plays.push(...plays);
    for (let i = 0; i < plays.length; i++) this.#ids.push(++this.#lastId);
  }

  peek(): Play | undefined {
    return this.#plays[this.#head];
  }

  take(): Play | undefined {
    const play = this.#plays[this.#head];
    if (play === undefined) return undefined;
    this.#head++;
    this.#allowance.give(1);
    if (this.#head === this.#plays.length) this.clear();
    return play;
  }

  /** The queued items, next first. */
  list(): readonly Play[] {
    return this.#plays.slice(this.#head);
  }

  /** The queued items with their ids, next first. */
  entries(): readonly QueueEntry[] {
    return this.list().map((play, index) => Object.assign({ id: this.#ids[this.#head + index] ?? 0 }, play));
  }

  /** Removes an item. @returns false if there is no such item, for example because it has been taken */
  remove(id: number): boolean {
    const index = this.#ids.indexOf(id, this.#head);
    if (index === -1) return false;
    this.#plays.splice(index, 1);
    this.#ids.splice(index, 1);
    this.#allowance.give(1);
    return true;
  }

  /** Removes all items. Ids continue, so that an old one never means a new item. */
  clear(): void {
    this.#allowance.give(this.length);
    this.#plays = [];
    this.#ids = [];
    this.#head = 0;
  }
}
