import { ERROR_CODES } from '@identity-verify/nestjs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PAGE } from './page.texts.js';

/** Loads a script of the page that imports nothing of the browser. */
const load = (file: string): Promise<unknown> => import(pathToFileURL(join(PAGE, file)).href);

interface Attempt {
  readonly startMs: number;
  readonly durationMs: number;
}

interface Bar {
  readonly x: number;
  readonly width: number;
}

describe('the diagram of a question', () => {
  it('places every attempt on a true time axis within the picture, and never one over the next', async () => {
    const { layOut } = (await load('sequence.layout.js')) as {
      layOut(
        trace: { durationMs: number; phases: Record<string, number>; attempts: readonly Attempt[] },
        width: number,
        inDoubt: boolean,
      ): { attempts: readonly Bar[]; bars: readonly Bar[]; gaps: readonly Bar[]; from: number; to: number };
    };
    const ms = fc.double({ min: 0, max: 12_000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(ms, ms), { maxLength: 3 }),
        fc.integer({ min: 300, max: 1_600 }),
        fc.boolean(),
        (waits, width, inDoubt) => {
          let at = 0;
          const attempts = waits.map(([wait, durationMs]) => {
            const startMs = at + wait;
            at = startMs + durationMs;
            return { startMs, durationMs };
          });
          const plan = layOut({ durationMs: at, phases: { check: 0, call: at }, attempts }, width, inDoubt);
          const scale = (plan.to - plan.from) / Math.max(at, 0.01);
          for (const [index, bar] of plan.attempts.entries()) {
            expect(bar.x - plan.from).toBeCloseTo(attempts[index]!.startMs * scale, 3);
            expect(bar.x + bar.width).toBeLessThanOrEqual(width);
          }
          for (const gap of plan.gaps) expect(gap.width).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('the strip of a question', () => {
  it('stops at one step for every error of the module, and gets to no step behind it', async () => {
    const { STEPS, stepsOf } = (await load('pipeline.steps.js')) as {
      STEPS: readonly string[];
      stepsOf(trace: { errorCode: string | null; source: string | null }): {
        last: string;
        states: Record<string, string>;
      };
    };
    for (const [errorCode, { billed, family }] of Object.entries(ERROR_CODES)) {
      const { last, states } = stepsOf({ errorCode, source: null });
      const end = STEPS.indexOf(last);
      expect(STEPS.map((step) => states[step])).toEqual(
        STEPS.map((_, index) => (index < end ? 'passed' : index === end ? 'stopped' : 'waiting')),
      );
      // What may be paid for was asked.
      if (billed !== 'no' || family === 'upstream') expect(last).toBe('upstream');
    }
  });
});

describe('the code beside an answer', () => {
  it('has ten lines on every route, and marks one at least for every case', async () => {
    const { snippet } = (await load('snippets.js')) as {
      snippet(route: string, ended?: object): readonly { line: string; runs: boolean }[];
    };
    const cases = [
      ...['match', 'mismatch', 'no_record', 'indeterminate'].map((outcome) => ({ outcome, errorCode: null })),
      ...Object.entries(ERROR_CODES).map(([errorCode, { billed }]) => ({ outcome: null, errorCode, billed })),
    ];
    for (const route of ['office', 'signup', 'lending']) {
      expect(snippet(route)).toHaveLength(10);
      expect(snippet(route).some(({ runs }) => runs)).toBe(false);
      for (const ended of cases) expect(snippet(route, ended).some(({ runs }) => runs)).toBe(true);
    }
  });
});
