import {
  BadRequestException,
  Body,
  ConflictException,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpException,
  NotFoundException,
  Param,
  Post,
  Sse,
  type MessageEvent,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { PRICE_TIERS } from '@identity-verify/contract';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { map, type Observable } from 'rxjs';
import { SampleConfig } from '../config/sample.config.js';
import { RaceDesk, type RaceNews } from './race.desk.js';
import { raceRefusal, type RaceRefusal } from './race.guard.js';
import { DEFAULT_SPEED } from './race.runner.js';
import { raceScript, type Spell, type Story } from './race.script.js';

/** What the page shows before a race. */
export interface RaceProgramme {
  /** Why no race can be played; null if one can. */
  readonly refusal: RaceRefusal | null;
  /** Script time per real time. */
  readonly speeds: readonly number[];
  readonly defaultSpeed: number;
  readonly durationMs: number;
  readonly signUps: number;
  /** The number of people with each story. */
  readonly stories: Readonly<Partial<Record<Story, number>>>;
  readonly spells: readonly Spell[];
  /** The price that the sample reports, and those of the vendor's price list, in fen. */
  readonly fenPerCall: number;
  readonly prices: readonly number[];
  /** The source of the naive client, as it runs. */
  readonly naiveSource: string;
}

const SPEEDS: readonly number[] = [1, DEFAULT_SPEED, 10];

/** The path is the same from `src` and from `dist`. */
const NAIVE_SOURCE = join(import.meta.dirname, '..', '..', 'src', 'race', 'naive.client.ts');

/** The money race. Reads nothing of the sample's own questions and changes nothing of them. */
@ApiExcludeController()
@Controller('race')
export class RaceController {
  constructor(
    private readonly desk: RaceDesk,
    private readonly config: SampleConfig,
  ) {}

  @Get()
  async programme(): Promise<RaceProgramme> {
    const { durationMs, people, spells } = raceScript();
    const stories: Partial<Record<Story, number>> = {};
    for (const { story } of people) stories[story] = (stories[story] ?? 0) + 1;
    return {
      refusal: raceRefusal(this.config) ?? null,
      speeds: SPEEDS,
      defaultSpeed: DEFAULT_SPEED,
      durationMs,
      signUps: people.length,
      stories,
      spells,
      fenPerCall: this.config.get('IDENTITY_VERIFY_FEN_PER_CALL'),
      prices: PRICE_TIERS.map(({ fenPerCall }) => fenPerCall),
      // Without the line for the linter.
      naiveSource: (await readFile(NAIVE_SOURCE, 'utf8')).replace(/^\/\* oxlint[^\n]*\n/, ''),
    };
  }

  /** Starts a race: 201 with its id; 409 without a mock on this machine; 429 if too many are under way. */
  @Post()
  start(@Body() body: unknown): { readonly id: string } {
    if (raceRefusal(this.config)) throw new ConflictException();
    const { speed = DEFAULT_SPEED } = (body ?? {}) as { speed?: unknown };
    if (typeof speed !== 'number' || !SPEEDS.includes(speed)) throw new BadRequestException();
    const id = this.desk.start(speed);
    if (id === undefined) throw new HttpException('Too many races are under way', 429);
    return { id };
  }

  /** Server-sent events `figures`, then `result` or `failed`. A reader who comes late gets all of them. */
  @Sse(':id/news')
  news(@Param('id') id: string): Observable<MessageEvent> {
    const news = this.desk.news(id);
    if (!news) throw new NotFoundException();
    return news.pipe(map(({ type, data }: RaceNews) => ({ type, data })));
  }

  @Delete(':id')
  @HttpCode(204)
  stop(@Param('id') id: string): void {
    if (!this.desk.stop(id)) throw new NotFoundException();
  }
}
