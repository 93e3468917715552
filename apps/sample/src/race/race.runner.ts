import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { RaceNamespace, type JournalEntry } from './mock.namespace.js';
import { moduleCaller, naiveCaller } from './race.callers.js';
import { raceScript, type RaceScript, type Recovery, type Submission } from './race.script.js';
import { tally } from './race.tally.js';
import type { ByRacer, Caller, Decided, Decision, JournalCall, RaceFigures, Racer, RaceResult } from './race.types.js';
import { ScriptClock } from './script.clock.js';

/** The options of one race. */
export interface RaceOptions {
  /** Origin of a mock. Whoever calls makes sure that it is one. */
  readonly baseUrl: string;
  /** Script time per real time. @default 4, so that the minute takes 15 seconds */
  readonly speed?: number;
  /** @default the script of the default seed */
  readonly script?: RaceScript;
  /** Stops the race: nothing more is sent, and the result has what happened so far. */
  readonly signal?: AbortSignal;
  /** Receives the figures several times a second. */
  readonly onFigures?: (figures: RaceFigures) => void;
  /** Names the namespaces. @default a random one, so that every race begins from zero */
  readonly id?: string;
  /** Replaces the two clients, for tests. */
  readonly replaceCallers?: (made: ByRacer<Caller>) => ByRacer<Caller>;
}

/** The default of `speed`. */
export const DEFAULT_SPEED = 4;

/** Simulated delay of the upstream, in milliseconds of the script. A second click comes while the first is under way. */
const LATENCY_MS = [350, 650] as const;

/** Time between two looks at the journals: in milliseconds of the script, and in real ones at the most. */
const LOOK_SCRIPT_MS = 1_000;
const MAX_LOOK_MS = 250;

/** How far the script may be ahead of the last look, in its milliseconds: less than any time-out. */
const AHEAD_MS = 2_000;

/** Distance of the points of the finished picture, in milliseconds of the script. */
const POINT_MS = 500;

/** After the end, the journals count as final when this many looks, so far apart in real time, found nothing new. */
const QUIET_LOOKS = 2;
const QUIET_MS = 100;

const RACERS: readonly Racer[] = ['naive', 'module'];

/** Makes one value for each client. */
async function forBoth<T>(make: (racer: Racer) => T | Promise<T>): Promise<ByRacer<T>> {
  const [naive, module] = await Promise.all([make('naive'), make('module')]);
  return { naive, module };
}

/**
 * Plays a script with two clients against a mock, each in a namespace of its own, and counts what the journal of the mock
 * says. Takes `durationMs / speed` and a moment. About 120 calls to the mock.
 *
 * @throws {RaceUpstreamError} if the mock does not answer or refuses
 */
export async function playRace(options: RaceOptions): Promise<RaceResult> {
  const { baseUrl, script = raceScript(), speed = DEFAULT_SPEED, id = randomBytes(6).toString('hex') } = options;
  const spaces = await forBoth((racer) => new RaceNamespace(baseUrl, `race-${id}-${racer}`));
  try {
    await forBoth(async (racer) => {
      await spaces[racer].addRules(script.rules);
      await spaces[racer].setLatency(...scaled(LATENCY_MS, speed));
    });
    const clock = new ScriptClock(speed, 0);
    try {
      return await raceOf({ ...options, script, clock, spaces });
    } finally {
      clock.stop();
    }
  } finally {
    await forBoth((racer) => spaces[racer].release().catch(() => undefined));
  }
}

/** Makes the two clients, and lets them race. */
async function raceOf(options: RaceOptions & RaceParts): Promise<RaceResult> {
  const { baseUrl, script, clock, spaces } = options;
  const settings = { baseUrl, clock, seed: script.seed };
  const made = await forBoth<Caller>((racer) =>
    (racer === 'naive' ? naiveCaller : moduleCaller)({ ...settings, appCode: spaces[racer].appCode }),
  );
  const callers = options.replaceCallers?.(made) ?? made;
  try {
    return await new Race(options, callers).run();
  } finally {
    // The clients end by the clock, and nobody looks any more.
    clock.grant(Infinity);
    await forBoth((racer) => callers[racer].close());
  }
}

const scaled = ([least, most]: readonly [number, number], speed: number): [number, number] => [
  Math.round(least / speed),
  Math.round(most / speed),
];

interface RaceParts {
  readonly script: RaceScript;
  readonly clock: ScriptClock;
  readonly spaces: ByRacer<RaceNamespace>;
}

/** One race under way. */
class Race {
  readonly #stop = new AbortController();
  readonly #calls: ByRacer<JournalCall[]> = { naive: [], module: [] };
  readonly #decisions: ByRacer<Decided[]> = { naive: [], module: [] };
  /** What is under way, by person. */
  readonly #open = new Map<number, Promise<unknown>[]>();
  /** The masks of the journal keep the first character of a name. */
  readonly #people: ReadonlyMap<string, number>;
  #complete = true;

  constructor(
    private readonly options: RaceOptions & RaceParts,
    private readonly callers: ByRacer<Caller>,
  ) {
    const { people } = options.script;
    this.#people = new Map(people.map(({ identity }, index) => [firstOf(identity.name), index]));
    // Every question under way listens.
    setMaxListeners(0, this.#stop.signal);
  }

  async run(): Promise<RaceResult> {
    const { signal } = this.options;
    const stop = () => this.#stop.abort();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      this.options.clock.grant(AHEAD_MS);
      const watching = this.#watch();
      // If the mock is gone, the rest of the script is not played.
      watching.catch(stop);
      const cancelled = await this.#play();
      this.#stop.abort();
      await watching;
      await this.#lookUntilQuiet();
      return this.#result(cancelled);
    } finally {
      stop();
      signal?.removeEventListener('abort', stop);
    }
  }

  /** @returns whether it was stopped before its end */
  async #play(): Promise<boolean> {
    const { signal } = this.#stop;
    for (const step of this.options.script.steps) {
      await this.options.clock.until(step.atMs, signal);
      if (signal.aborted) return true;
      if (step.kind === 'submit') this.#submit(step);
      else await this.#recover(step);
    }
    await this.options.clock.until(this.options.script.durationMs, signal);
    await Promise.race([this.#settled([...this.#open.keys()]), aborted(signal)]);
    return signal.aborted;
  }

  #submit(step: Submission): void {
    for (const racer of RACERS) {
      const open = this.#open.get(step.person) ?? [];
      this.#open.set(step.person, [...open, this.#ask(racer, step)]);
    }
  }

  /** Never rejects: a client that fails turns the person away. */
  async #ask(racer: Racer, { person, typed, unlessLetIn }: Submission): Promise<void> {
    const decisions = this.#decisions[racer];
    const isIn = decisions.some((decision) => decision.person === person && decision.letIn);
    const decision: Decision =
      unlessLetIn && isIn
        ? { letIn: false, how: 'skipped' }
        : await this.#decided(racer, typed).catch(() => ({ letIn: false, how: 'failed' }) as const);
    decisions.push({ ...decision, person, tMs: this.options.clock.monotonic() });
  }

  async #decided(racer: Racer, typed: Submission['typed']): Promise<Decision> {
    return this.callers[racer].ask(typed, this.#stop.signal);
  }

  /** After the questions that met the trouble have ended, so that how fast this machine is changes nothing. */
  async #recover({ people, rules }: Recovery): Promise<void> {
    await Promise.race([this.#settled(people), aborted(this.#stop.signal)]);
    if (!this.#stop.signal.aborted) await forBoth((racer) => this.options.spaces[racer].addRules(rules));
  }

  async #settled(people: readonly number[]): Promise<void> {
    await Promise.all(people.flatMap((person) => this.#open.get(person) ?? []));
  }

  /** Reports figures until the race has ended. The script waits for the mock, so a slow one does not time out. */
  async #watch(): Promise<void> {
    const { signal } = this.#stop;
    const everyMs = Math.min(LOOK_SCRIPT_MS, MAX_LOOK_MS * this.options.clock.speed);
    while (!signal.aborted) {
      await this.options.clock.until(this.options.clock.monotonic() + everyMs, signal);
      if (signal.aborted) return;
      await this.#look();
      this.options.clock.grant(AHEAD_MS);
      const tMs = Math.min(this.options.clock.monotonic(), this.options.script.durationMs);
      this.options.onFigures?.({ ...tally(this.options.script, this.#records()), tMs });
    }
  }

  /** A call that a client gave up can still reach the mock, and be paid for. */
  async #lookUntilQuiet(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_LOOKS;) {
      quiet = (await this.#look()) === 0 ? quiet + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    }
  }

  /** @returns the number of new entries */
  async #look(): Promise<number> {
    const { naive, module } = await forBoth(async (racer) => {
      const { entries, complete } = await this.options.spaces[racer].newEntries();
      this.#calls[racer].push(...entries.map((entry) => this.#callOf(entry)));
      this.#complete &&= complete;
      return entries.length;
    });
    return naive + module;
  }

  #callOf({ at, person, billed, fen }: JournalEntry): JournalCall {
    const index = person ? this.#people.get(firstOf(person.name)) : undefined;
    return { tMs: this.options.clock.at(Date.parse(at)), person: index, billed, fen };
  }

  #records() {
    const of = (racer: Racer) => ({ calls: this.#calls[racer], decisions: this.#decisions[racer] });
    return { naive: of('naive'), module: of('module') };
  }

  #result(cancelled: boolean): RaceResult {
    const { script, clock, spaces } = this.options;
    const records = this.#records();
    const endMs = cancelled ? Math.min(clock.monotonic(), script.durationMs) : script.durationMs;
    const times = Array.from({ length: Math.floor(endMs / POINT_MS) }, (_, index) => index * POINT_MS);
    const all = [...this.#calls.naive, ...this.#calls.module];
    const final = { ...tally(script, records), tMs: endMs };
    return {
      seed: script.seed,
      durationMs: script.durationMs,
      speed: clock.speed,
      cancelled,
      complete: this.#complete,
      signUps: script.people.length,
      fenPerCall: Math.max(0, ...all.map(({ fen }) => fen)),
      appCodes: { naive: spaces.naive.appCode, module: spaces.module.appCode },
      // What came after the last second of the script counts in the last point.
      series: [...times.map((tMs) => tally(script, records, tMs)), final],
      final,
    };
  }
}

const firstOf = (name: string): string => Array.from(name)[0] ?? '';

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
