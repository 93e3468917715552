import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { defer, finalize, ReplaySubject, type Observable } from 'rxjs';
import { SampleConfig } from '../config/sample.config.js';
import { chooseUpstream } from '../config/upstream.choice.js';
import { RaceUpstreamError } from './mock.namespace.js';
import { playRace } from './race.runner.js';
import type { RaceFigures, RaceResult } from './race.types.js';

/** What happens in a race, as the page gets it. A reader who comes late gets everything from the start. */
export type RaceNews =
  | { readonly type: 'figures'; readonly data: RaceFigures }
  | { readonly type: 'result'; readonly data: RaceResult }
  /** `mock`: the mock does not answer. `sample`: a defect of the sample. */
  | { readonly type: 'failed'; readonly data: { readonly because: 'mock' | 'sample' } };

interface PlayedRace {
  readonly news: ReplaySubject<RaceNews>;
  readonly stop: AbortController;
  ended: boolean;
  readers: number;
  /** Stops the race that nobody watches. */
  alone: ReturnType<typeof setTimeout> | undefined;
}

/** Races at one time. Each makes about 120 calls to the mock. */
const MAX_UNDER_WAY = 4;
/** Races that are kept, with their figures, about 60 kB each. */
const MAX_KEPT = 16;
/** Time for which a race goes on while nobody watches, in milliseconds: a page that reloads comes back. */
const ALONE_MS = 10_000;

/** Plays races, and keeps the last ones. Each has its own namespaces, ledger and clock, so they never mix. */
@Injectable()
export class RaceDesk implements OnModuleDestroy {
  readonly #races = new Map<string, PlayedRace>();
  readonly #logger = new Logger('Race');

  constructor(private readonly config: SampleConfig) {}

  /**
   * Starts a race.
   *
   * @returns its id, which nobody can guess; undefined if too many are under way
   */
  start(speed: number): string | undefined {
    if ([...this.#races.values()].filter(({ ended }) => !ended).length >= MAX_UNDER_WAY) return undefined;
    const id = randomUUID();
    const race: PlayedRace = {
      news: new ReplaySubject(),
      stop: new AbortController(),
      ended: false,
      readers: 0,
      alone: undefined,
    };
    this.#races.set(id, race);
    this.#leftAlone(race);
    this.#forgetOld();
    void this.#play(race, speed);
    return id;
  }

  /** The news of a race, from its start; undefined if there is no such race. It stops when nobody is left to watch. */
  news(id: string): Observable<RaceNews> | undefined {
    const race = this.#races.get(id);
    return (
      race &&
      defer(() => {
        clearTimeout(race.alone);
        race.readers += 1;
        return race.news;
      }).pipe(
        finalize(() => {
          race.readers -= 1;
          if (race.readers === 0) this.#leftAlone(race);
        }),
      )
    );
  }

  /** Stops a race; its result has what happened so far. @returns false if there is no such race */
  stop(id: string): boolean {
    const race = this.#races.get(id);
    race?.stop.abort();
    return race !== undefined;
  }

  /** Before the server closes, which waits for open connections. */
  onModuleDestroy(): void {
    for (const race of this.#races.values()) {
      clearTimeout(race.alone);
      race.stop.abort();
      race.news.complete();
    }
  }

  async #play(race: PlayedRace, speed: number): Promise<void> {
    try {
      const { baseUrl } = chooseUpstream(this.config);
      const onFigures = (data: RaceFigures) => race.news.next({ type: 'figures', data });
      const data = await playRace({ baseUrl, speed, signal: race.stop.signal, onFigures });
      race.news.next({ type: 'result', data });
    } catch (error) {
      const isMock = error instanceof RaceUpstreamError;
      this.#logger.warn(isMock ? error.message : 'A race failed because of a defect of the sample.');
      race.news.next({ type: 'failed', data: { because: isMock ? 'mock' : 'sample' } });
    } finally {
      race.ended = true;
      clearTimeout(race.alone);
      race.news.complete();
    }
  }

  #leftAlone(race: PlayedRace): void {
    if (!race.ended) race.alone = setTimeout(() => race.stop.abort(), ALONE_MS).unref();
  }

  #forgetOld(): void {
    for (const [id, { ended }] of this.#races) {
      if (this.#races.size <= MAX_KEPT) return;
      if (ended) this.#races.delete(id);
    }
  }
}
