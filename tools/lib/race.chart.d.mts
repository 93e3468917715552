import type { RaceResult } from '../../apps/sample/dist/race/race.types.js';

export function money(fen: number): string;
export function raceChart(race: Pick<RaceResult, 'series' | 'durationMs'>): string[];
export function scoreRows(race: Pick<RaceResult, 'final'>): (string | number)[][];
export function reasonRows(race: Pick<RaceResult, 'final'>): (string | number)[][];
