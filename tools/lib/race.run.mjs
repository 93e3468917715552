import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { startMockServer } from '@identity-verify/mock-server';
import { playRace } from '../../apps/sample/dist/race/race.runner.js';
import { money, raceChart, reasonRows, scoreRows } from './race.chart.mjs';
import { printTable } from './table.mjs';

/**
 * Plays the race against a mock on a free port, and prints its result.
 *
 * @param {{ speed: number, json: boolean }} options
 * @returns {Promise<boolean>} true if the module let no wrong person in
 */
export async function runRace({ speed, json }) {
  Logger.overrideLogger(false);
  const mock = await startMockServer({ port: 0 });
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const showsProgress = !json && process.stdout.isTTY;
    const result = await playRace({
      baseUrl: mock.url,
      speed,
      signal: stop.signal,
      onFigures: (figures) => showsProgress && process.stdout.write(`\r${progress(figures)}`),
    });
    if (showsProgress) process.stdout.write('\r\u001b[K');
    if (json) console.log(JSON.stringify(result, null, 2));
    else print(result);
    return result.final.module.wrongIn === 0;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await mock.close();
  }
}

const progress = ({ tMs, naive, module }) =>
  `second ${String(Math.round(tMs / 1000)).padStart(2)}   naive client ${money(naive.fen)}   this module ${money(module.fen)} `;

function print(result) {
  const { signUps, cancelled, complete, final } = result;
  const { naive, module } = final;
  console.log(
    `\n${signUps} sign-ups, twice: money by the journal of the mock, over ${Math.round(final.tMs / 1000)} seconds\n`,
  );
  for (const line of raceChart(result)) console.log(line);
  console.log();
  printTable(['client', 'wrong people in', 'paid', 'maybe', 'calls', 'right people in', 'waiting'], scoreRows(result));
  console.log();
  printTable(['', 'not paid, because', 'calls', 'money'], reasonRows(result));
  const less = Math.round((1 - module.fen / Math.max(1, naive.fen)) * 100);
  console.log(
    `\nThe naive client paid ${money(naive.fen)} and let in ${naive.wrongIn} wrong people. ` +
      `The module paid ${money(module.fen)}, ${less}% less, and let in ${module.wrongIn === 0 ? 'none' : module.wrongIn}.`,
  );
  if (cancelled) console.log('Stopped before its end.');
  if (!complete) console.log('The mock has dropped entries of its journal, so the figures are too low.');
}
