import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { raceScript } from './race.script.js';
import { tally } from './race.tally.js';
import {
  REASONS,
  type Decided,
  type Handling,
  type JournalCall,
  type RaceFigures,
  type RacerRecord,
} from './race.types.js';

const script = raceScript();
const NOBODY: RacerRecord = { calls: [], decisions: [] };

const HANDLINGS: readonly Handling[] = ['called', 'joined', 'ledger', 'unsent', 'in_doubt', 'skipped', 'failed'];
const person = fc.nat(script.people.length - 1);
const tMs = fc.nat(script.durationMs);
const call: fc.Arbitrary<JournalCall> = fc.record({
  tMs,
  person: fc.option(person, { nil: undefined }),
  billed: fc.constantFrom('yes', 'no', 'unknown'),
  fen: fc.nat(100),
});
const decision: fc.Arbitrary<Decided> = fc.record({
  tMs,
  person,
  letIn: fc.boolean(),
  how: fc.constantFrom(...HANDLINGS),
});
const record: fc.Arbitrary<RacerRecord> = fc.record({
  calls: fc.array(call, { maxLength: 120 }),
  decisions: fc.array(decision, { maxLength: 120 }),
});

const sum = (figures: RaceFigures, what: 'calls' | 'fen') =>
  REASONS.reduce((total, reason) => total + figures.saved[reason][what], 0);

const callOf = (of: number, fen = 42): JournalCall => ({ tMs: 0, person: of, billed: fen > 0 ? 'yes' : 'no', fen });
const decided = (of: number, how: Handling, letIn = false): Decided => ({ tMs: 0, person: of, how, letIn });

describe('the tally', () => {
  it('has reasons that sum up to the difference, in calls and in fen, at every moment', () => {
    fc.assert(
      fc.property(record, record, tMs, (naive, module, at) => {
        for (const figures of [tally(script, { naive, module }), tally(script, { naive, module }, at)]) {
          expect(sum(figures, 'calls')).toBe(figures.naive.calls - figures.module.calls);
          expect(sum(figures, 'fen')).toBe(figures.naive.fen - figures.module.fen);
        }
      }),
    );
  });

  it('counts every call of the journals once, and takes no money from what a client says', () => {
    fc.assert(
      fc.property(record, record, (naive, module) => {
        const figures = tally(script, { naive, module });
        for (const racer of ['naive', 'module'] as const) {
          const { calls } = { naive, module }[racer];
          expect(figures[racer].calls).toBe(calls.length);
          expect(figures[racer].fen).toBe(calls.reduce((total, { fen }) => total + fen, 0));
        }
        const silent = (of: RacerRecord) => ({ ...of, decisions: [] });
        const { fen, calls, maybeFen } = tally(script, { naive: silent(naive), module: silent(module) }).naive;
        expect({ fen, calls, maybeFen }).toEqual({
          fen: figures.naive.fen,
          calls: figures.naive.calls,
          maybeFen: figures.naive.maybeFen,
        });
      }),
    );
  });

  it('counts people and not forms, and each of them as let in, or as waiting', () => {
    fc.assert(
      fc.property(record, record, (naive, module) => {
        const { wrongIn, rightIn, rightWaiting } = tally(script, { naive, module }).naive;
        const right = new Set(
          naive.decisions.map(({ person }) => person).filter((index) => script.people[index]!.truth === 'match'),
        );
        expect(rightIn + rightWaiting).toBe(right.size);
        expect(wrongIn).toBeLessThanOrEqual(script.people.filter(({ truth }) => truth !== 'match').length);
      }),
    );
  });

  it.each([
    ['joined', 'joined'],
    ['ledger', 'ledger'],
    ['unsent', 'checked'],
    ['skipped', 'checked'],
    ['in_doubt', 'maybe_paid'],
  ] as const)('gives a call that the module did not make because of "%s" the reason "%s"', (how, reason) => {
    const naive = { ...NOBODY, calls: [callOf(0), callOf(0)] };
    const module = { calls: [callOf(0)], decisions: [decided(0, 'called'), decided(0, how)] };
    expect(tally(script, { naive, module }).saved[reason]).toEqual({ calls: 1, fen: 42 });
  });

  it('counts repetitions of the module that cost nothing against it, and not against another reason', () => {
    const naive = { ...NOBODY, calls: [callOf(3, 0)] };
    const module = { calls: [callOf(3, 0), callOf(3, 0)], decisions: [decided(3, 'called')] };
    expect(tally(script, { naive, module }).saved.repeated).toEqual({ calls: -1, fen: 0 });
  });

  it('has no reason for calls of people whose question is under way', () => {
    const naive = { ...NOBODY, calls: [callOf(0)] };
    expect(tally(script, { naive, module: NOBODY }).saved.other).toEqual({ calls: 1, fen: 42 });
  });
});
