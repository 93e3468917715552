import { describe, expect, it } from '@jest/globals';
import { SubjectBook } from './subject.book.js';

/** A book that counts how often it asks whether the ledger holds a question. */
function open(holds: (question: string) => boolean) {
  let looks = 0;
  const book = new SubjectBook(1_000, (question) => {
    looks += 1;
    return holds(question);
  });
  const mark = (question: string, subject: string) => {
    const before = looks;
    book.mark({ keys: [question], idKeys: [`i${subject}`], mobileKeys: [`m${subject}`] }, undefined, 0);
    return looks - before;
  };
  return { book, mark };
}

describe('SubjectBook', () => {
  it('does as little for a subject of many questions as for a new one', () => {
    const { mark } = open(() => true);
    const looks = Array.from({ length: 2_000 }, (_, n) => mark(`q${n}`, 'one'));
    expect(Math.max(...looks)).toBeLessThanOrEqual(3);
  });

  it('drops the links that nothing holds, however many one subject has', () => {
    const held = new Set<string>();
    const { book, mark } = open((question) => held.has(question));
    for (let n = 0; n < 500; n++) {
      held.add(`q${n}`);
      mark(`q${n}`, 'one');
    }
    held.clear();
    for (let n = 0; n < 500; n++) {
      held.add(`r${n}`);
      mark(`r${n}`, `other ${n}`);
    }
    expect(book.forget(['ione'])).toEqual({ questions: [], erased: 0 });
  });
});

describe('the wait of a question about a subject', () => {
  /** Marks questions about one ID number and mobiles of their own, one each 100 ms. */
  function asked(...questions: readonly string[]) {
    const book = new SubjectBook(1_000, () => false);
    questions.forEach((question, n) => {
      book.mark({ keys: [question], idKeys: ['i'], mobileKeys: [`m${n}`] }, 1_000, n * 100);
    });
    const wait = (question: string, limit: number, elapsed: number, windowMs = 1_000) =>
      book.waitFor(['i'], [question], limit, windowMs, elapsed);
    return { book, wait };
  }

  it('is nothing below the limit, and until the oldest leaves the window at the limit', () => {
    const { wait } = asked('a', 'b');
    expect([wait('c', 3, 200), wait('c', 2, 200), wait('c', 1, 200)]).toEqual([0, 800, 800]);
    expect([wait('c', 2, 999), wait('c', 2, 1_000), wait('c', 1, 1_000)]).toEqual([1, 0, 100]);
    expect(wait('c', 2, 999.5)).toBe(1);
    expect(asked().wait('a', 1, 0)).toBe(0);
  });

  it('is nothing for a question that was asked within the window', () => {
    const { wait } = asked('a', 'b');
    expect([wait('a', 1, 200), wait('b', 1, 200)]).toEqual([0, 0]);
    expect(wait('a', 1, 1_050)).toBe(50);
  });

  it('counts no question that no limit counts', () => {
    const { book, wait } = asked();
    book.mark({ keys: ['a'], idKeys: ['i'], mobileKeys: ['m'] }, undefined, 0);
    expect(wait('b', 1, 0)).toBe(0);
  });

  it('counts what was asked about each key of the subject', () => {
    const { book } = asked('a');
    book.mark({ keys: ['b'], idKeys: ['old-i'], mobileKeys: ['m'] }, 1_000, 100);
    expect(book.waitFor(['i', 'old-i'], ['c'], 2, 1_000, 200)).toBe(800);
    expect(book.waitFor(['old-i'], ['c'], 2, 1_000, 200)).toBe(0);
    expect(book.waitFor(['m'], ['c'], 1, 1_000, 200)).toBe(900);
  });
});

describe('a mark', () => {
  const claim = (key = 'a', ...others: readonly string[]) => ({
    keys: [key, ...others],
    idKeys: ['i', 'old-i'],
    mobileKeys: ['m', 'old-m'],
  });
  const book = () => new SubjectBook(1_000, () => false);
  const waitAt = (one: SubjectBook, elapsed: number) => one.waitFor(['i', 'old-i'], ['other'], 1, 1_000, elapsed);

  it('counts a question once that is asked again, from the last time on', () => {
    const one = book();
    one.mark(claim(), 1_000, 0);
    expect(one.mark(claim(), 1_000, 500).isNew).toBe(false);
    expect(one.waitFor(['i'], ['other'], 2, 1_000, 500)).toBe(0);
    expect(waitAt(one, 1_200)).toBe(300);
  });

  it('counts a question once that was asked under an older pepper', () => {
    const one = book();
    one.mark({ keys: ['old'], idKeys: ['old-i'], mobileKeys: ['old-m'] }, 1_000, 0);
    const mark = one.mark(claim('new', 'old'), 1_000, 100);
    expect(mark.isNew).toBe(true);
    expect(one.waitFor(['i', 'old-i'], ['other'], 2, 1_000, 200)).toBe(0);
    one.unmark(mark);
    expect(waitAt(one, 200)).toBe(800);
    expect(one.forget(['i'])).toEqual({ questions: [], erased: 0 });
  });

  it('that is undone leaves what was there before', () => {
    const one = book();
    one.mark(claim(), 1_000, 0);
    one.unmark(one.mark(claim(), 5_000, 500));
    expect([waitAt(one, 600), waitAt(one, 1_000)]).toEqual([400, 0]);
    one.unmark(one.mark(claim('b'), 1_000, 600));
    expect(one.forget(['i']).questions).toEqual(['a']);
  });

  it('without a limit changes no window', () => {
    const one = book();
    one.mark(claim(), 1_000, 0);
    one.mark(claim(), undefined, 500);
    expect([waitAt(one, 600), waitAt(one, 1_000)]).toEqual([400, 0]);
  });
});

describe('a question of which the ledger holds nothing', () => {
  it('stays linked while a window counts it, and no longer', () => {
    const one = new SubjectBook(1_000, () => true);
    one.mark({ keys: ['a'], idKeys: ['i'], mobileKeys: ['m'] }, 1_000, 0);
    one.dropped('a', ['i', 'm'], 999);
    expect(one.waitFor(['i'], ['other'], 1, 1_000, 999)).toBe(1);
    one.dropped('b', ['i'], 1_000);
    one.dropped('a', ['none'], 1_000);
    expect(one.hasRoomFor({ idKeys: ['x'], mobileKeys: ['y'] }, 0)).toBe(true);
    one.dropped('a', ['m'], 1_000);
    expect(one.forget(['i', 'm'])).toEqual({ questions: [], erased: 0 });
  });
});

describe('erasing', () => {
  const filled = () => {
    const one = new SubjectBook(1_000, () => true);
    one.mark({ keys: ['a'], idKeys: ['i'], mobileKeys: ['m'] }, 1_000, 0);
    one.mark({ keys: ['b'], idKeys: ['i'], mobileKeys: ['n'] }, 1_000, 0);
    return one;
  };

  it('counts a question once that is linked from both of its subjects', () => {
    const { book, mark } = open(() => true);
    mark('a', '1');
    expect(book.forget(['i1', 'm1'])).toEqual({ questions: ['a'], erased: 1 });
  });

  it('a subject erases the links of its questions to other subjects', () => {
    const one = filled();
    expect(one.forget(['i', 'none'])).toEqual({ questions: ['a', 'b'], erased: 2 });
    expect(one.forget(['i', 'm', 'n'])).toEqual({ questions: [], erased: 0 });
  });

  it('a question leaves the others of its subjects', () => {
    const one = filled();
    one.forgetQuestions(new Set(['a', 'c']), (question) => (question === 'a' ? ['i', 'm', 'none'] : []));
    expect(one.forget(['m'])).toEqual({ questions: [], erased: 0 });
    expect(one.forget(['i'])).toEqual({ questions: ['b'], erased: 1 });
  });
});

describe('the room for subjects', () => {
  it('is for two more, or for those that are known', () => {
    const one = new SubjectBook(3, () => true);
    one.mark({ keys: ['a'], idKeys: ['i'], mobileKeys: ['m'] }, undefined, 0);
    const room = (id: string, mobile: string) => one.hasRoomFor({ idKeys: [id], mobileKeys: [mobile] }, 0);
    expect([room('j', 'n'), room('i', 'n'), room('j', 'm'), room('i', 'm')]).toEqual([false, true, true, true]);
    expect(one.hasRoomFor({ idKeys: [], mobileKeys: ['n'] }, 0)).toBe(true);
    expect(new SubjectBook(2, () => true).hasRoomFor({ idKeys: ['j'], mobileKeys: ['n'] }, 0)).toBe(true);
    expect(new SubjectBook(1, () => true).hasRoomFor({ idKeys: ['j'], mobileKeys: ['n'] }, 0)).toBe(false);
  });

  it('is made of links that neither a window nor the ledger needs', () => {
    const held = new Set(['held']);
    const one = new SubjectBook(6, (question) => held.has(question));
    one.mark({ keys: ['held'], idKeys: ['i1'], mobileKeys: ['m1'] }, undefined, 0);
    one.mark({ keys: ['counted'], idKeys: ['i2'], mobileKeys: ['m2'] }, 1_000, 0);
    one.mark({ keys: ['window'], idKeys: ['i3'], mobileKeys: ['m3'] }, 500, 0);
    const room = (elapsed: number) => one.hasRoomFor({ idKeys: ['j'], mobileKeys: ['n'] }, elapsed);
    expect([room(499), room(500)]).toEqual([false, true]);
    expect(one.forget(['i1', 'i2', 'i3']).questions).toEqual(['held', 'counted']);
  });
});
