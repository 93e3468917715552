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
