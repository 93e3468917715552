import { describe, expect, it } from '@jest/globals';
import type { ClaimRequest } from './ledger.port.js';
import { OpenQuestions, type InFlight, type OpenQuestion } from './open.questions.js';

const subjects = ['i', 'm'] as const;
const intent = (owner: string, leaseUntil = 100, doubtUntil = 200) =>
  ({ subjects, owner, leaseUntil, doubtUntil, reservation: {}, mark: {} }) as unknown as InFlight;
const blocked = (until: number): OpenQuestion => ({ kind: 'blocked', subjects, until });
const inDoubt = (doubtUntil: number): OpenQuestion => ({ kind: 'in_doubt', subjects, doubtUntil });
const asked = (keys: readonly string[], repeatInDoubt = false) => ({ keys, repeatInDoubt }) as ClaimRequest;

function open(capacity = 10) {
  const dropped: unknown[] = [];
  const questions = new OpenQuestions(capacity, (key, { kind }, elapsed) => dropped.push([key, kind, elapsed]));
  return { questions, dropped };
}

describe('an intent', () => {
  it('holds its question back for its lease, then leaves it in doubt', () => {
    const { questions } = open();
    questions.begin(['a'], intent('one'));
    expect(questions.heldBack(asked(['a']), 0)).toEqual({ verdict: 'in_flight', leaseMs: 100 });
    expect(questions.heldBack(asked(['a'], true), 99)).toEqual({ verdict: 'in_flight', leaseMs: 1 });
    expect(questions.heldBack(asked(['a']), 100)).toEqual({ verdict: 'unknown', retryAfterMs: 100 });
    expect(questions.heldBack(asked(['a'], true), 100)).toBeUndefined();
    expect(questions.heldBack(asked(['a']), 200)).toBeUndefined();
  });

  it('is taken by its owner alone, and once', () => {
    const { questions } = open();
    questions.begin(['a'], intent('one'));
    expect(questions.take('a', 'other')).toBeUndefined();
    expect(questions.take('b', 'one')).toBeUndefined();
    expect(questions.take('a', 'one')).toMatchObject({ kind: 'in_flight', owner: 'one', forgotten: false });
    expect(questions.take('a', 'one')).toBeUndefined();
    questions.set('a', inDoubt(9));
    expect(questions.take('a', undefined as never)).toBeUndefined();
  });

  it('replaces what all of its keys held, and remembers it', () => {
    const { questions } = open();
    questions.set('new', blocked(5));
    questions.begin(['old'], intent('one'));
    questions.begin(['new', 'old', 'older'], intent('two', 300, 400));
    expect([questions.has('new'), questions.has('old'), questions.has('older')]).toEqual([true, false, false]);
    expect(questions.take('new', 'two')?.replaced).toEqual([
      ['new', blocked(5)],
      ['old', inDoubt(200)],
    ]);
  });

  it('that is erased stays to be settled, and is no removed entry', () => {
    const { questions } = open();
    questions.begin(['a'], intent('one'));
    questions.set('b', inDoubt(9));
    expect([questions.forget('a'), questions.forget('b'), questions.forget('b')]).toEqual([false, true, false]);
    expect(questions.has('b')).toBe(false);
    expect(questions.take('a', 'one')?.forgotten).toBe(true);
  });
});

describe('a block', () => {
  it('refuses its question for its time, even to somebody who repeats what is in doubt', () => {
    const { questions } = open();
    questions.set('a', blocked(100));
    for (const repeatInDoubt of [false, true]) {
      const refused = { verdict: 'refused', reason: 'same_parameter', retryAfterMs: 1 };
      expect(questions.heldBack(asked(['a'], repeatInDoubt), 99)).toEqual(refused);
      expect(questions.heldBack(asked(['a'], repeatInDoubt), 100)).toBeUndefined();
    }
  });
});

describe('a question with several keys', () => {
  it('is held back by any of them', () => {
    const { questions } = open();
    questions.set('lapsed', blocked(1));
    questions.set('old', inDoubt(100));
    const held = { verdict: 'unknown', retryAfterMs: 50 };
    expect(questions.heldBack(asked(['none', 'lapsed', 'old']), 50)).toEqual(held);
  });
});

describe('the room', () => {
  it('is made by dropping what has expired, and nothing else', () => {
    const { questions, dropped } = open(3);
    questions.begin(['a'], intent('one', 10, 100));
    questions.set('b', blocked(100));
    expect(questions.hasRoom(500)).toBe(true);
    expect(dropped).toEqual([]);
    questions.set('c', inDoubt(101));
    expect(questions.hasRoom(99)).toBe(false);
    expect(questions.hasRoom(100)).toBe(true);
    expect(dropped).toEqual([
      ['a', 'in_flight', 100],
      ['b', 'blocked', 100],
    ]);
    expect([questions.has('a'), questions.has('b'), questions.get('c')]).toEqual([false, false, inDoubt(101)]);
  });
});
