import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import type { ClaimRequest, Grant, Settlement } from './ledger.port.js';
import { WriteBack, type Uncounted, type WriteBackResult, type Written } from './write.back.js';

const requestOf = (owner: string): ClaimRequest => ({
  scope: 's',
  keys: [`q-${owner}`],
  idKeys: [`i-${owner}`],
  mobileKeys: [`m-${owner}`],
  owner,
  leaseMs: 10_000,
  doubtMs: 60_000,
  maxAgeMs: undefined,
  repeatInDoubt: false,
  budget: {},
  subjectLimit: undefined,
});
const endOf = (owner: string): Settlement => ({
  scope: 's',
  key: `q-${owner}`,
  owner,
  result: { kind: 'in_doubt', ttlMs: 1 },
});
/** What is left to count of a call. Its request is that of no question. */
const uncountedOf = (owner: string): Uncounted => ({
  request: { ...requestOf(owner), keys: ['uncounted'], idKeys: [], mobileKeys: [] },
  end: { ...endOf(owner), key: 'uncounted' },
});

/** A write-back whose calls were granted without the store, which is down until something else is said. */
function open({ keepMs, capacity }: { keepMs?: number; capacity?: number } = {}) {
  const clock = new ManualClock();
  const results: WriteBackResult[] = [];
  const written: string[] = [];
  const said: string[] = [];
  const left = { erased: new Set<string>(), over: new Set<string>() };
  const store: { answer: (owner: string) => Written | Promise<Written> } = {
    answer: () => {
      throw new Error('down');
    },
  };
  const write = async ({ owner, key }: Grant | Settlement) => {
    written.push(`${owner} ${key}`);
    return store.answer(owner);
  };
  const writeBack = new WriteBack({
    clock,
    ledger: { settle: write, release: write as never },
    capacity,
    local: {
      adopt: ({ owner }) => {
        said.push(`adopt ${owner}`);
        return keepMs;
      },
      uncounted: (owner, erased) => ((erased ? left.erased : left.over).delete(owner) ? uncountedOf(owner) : undefined),
      givenUp: (owner) => said.push(`given up ${owner}`),
    },
    onResult: (result) => results.push(result),
  });
  const keep = (owner: string) => writeBack.keep(requestOf(owner), endOf(owner));
  return { clock, results, written, said, left, store, writeBack, keep };
}

describe('the end of a call that was granted without the store', () => {
  it('is kept for as long as it is worth writing, and reported as superseded after that', async () => {
    const { clock, results, said, keep } = open({ keepMs: 5_000 });
    keep('a');
    expect(said).toEqual(['adopt a']);
    await clock.advance(4_999);
    expect([results, clock.pending]).toEqual([[], 1]);
    await clock.advance(1_000);
    expect([results, clock.pending]).toEqual([['superseded'], 0]);
  });

  it('is not tried at the moment from which on it is not worth writing', async () => {
    const { clock, results, written, keep } = open({ keepMs: 250 });
    keep('a');
    await clock.advance(250);
    expect([written, results]).toEqual([[], ['superseded']]);
  });

  it('is kept as long as the store holds the intent, and is lost after that, if the store granted it', async () => {
    const { clock, results, keep } = open();
    keep('a');
    await clock.advance(69_999);
    expect(results).toEqual([]);
    await clock.advance(1_001);
    expect(results).toEqual(['lost']);
  });

  it.each<[Written, WriteBackResult]>([
    [true, 'written'],
    [false, 'superseded'],
    ['counted', 'counted'],
  ])('is reported once, by what the store says: %s', async (answer, result) => {
    const { clock, results, store, keep } = open({ keepMs: 5_000 });
    store.answer = () => answer;
    keep('a');
    await clock.advance(9_000);
    expect([results, clock.pending]).toEqual([[result], 0]);
  });

  it('is tried again if the store says later, after the others', async () => {
    const { clock, results, written, store, keep } = open({ keepMs: 5_000 });
    store.answer = (owner) => (owner === 'a' ? 'later' : true);
    for (const owner of ['a', 'b']) keep(owner);
    await clock.advance(250);
    expect([written, results]).toEqual([['a q-a', 'b q-b'], ['written']]);
    store.answer = () => true;
    await clock.advance(250);
    expect([written.at(-1), results]).toEqual(['a q-a', ['written', 'written']]);
  });
});

describe('a call that is still to be counted', () => {
  it('is kept without its question if the person was erased during the call', async () => {
    const { clock, written, said, left, store, keep } = open({ keepMs: 1 });
    left.erased.add('a');
    keep('a');
    store.answer = () => true;
    await clock.advance(1_000_000);
    expect([written, said]).toEqual([['a uncounted'], []]);
  });

  it('is kept without its question, and without an end, when its answer is over', async () => {
    const { clock, results, written, left, store, keep } = open({ keepMs: 200 });
    left.over.add('a');
    keep('a');
    await clock.advance(1_000_000);
    expect([new Set(written), results]).toEqual([new Set(['a uncounted']), []]);
    store.answer = () => 'counted';
    await clock.advance(1_000);
    expect([results, clock.pending]).toEqual([['counted'], 0]);
  });

  it('stays when its person is erased', async () => {
    const { clock, written, results, left, store, writeBack, keep } = open({ keepMs: 5_000 });
    for (const owner of ['a', 'b']) keep(owner);
    left.over.add('a');
    writeBack.forget({ scope: 's', keys: [], idKeys: ['i-a', 'i-b'], mobileKeys: [] });
    store.answer = () => true;
    await clock.advance(250);
    expect([written, results, clock.pending]).toEqual([['a uncounted'], ['written'], 0]);
  });
});

describe('a person who is erased during the writing', () => {
  it.each([
    ['while another end is written', 'b', 'a'],
    ['while the store fails at that very end', 'a', 'a'],
  ])('is written of no more, %s', async (_title, erased, during) => {
    const { clock, results, written, store, writeBack, keep } = open({ keepMs: 5_000 });
    for (const owner of ['a', 'b']) keep(owner);
    let isFirst = true;
    store.answer = (owner) => {
      if (owner === during && isFirst) {
        isFirst = false;
        writeBack.forget({ scope: 's', keys: [`q-${erased}`], idKeys: [], mobileKeys: [] });
        if (erased === owner) throw new Error('down');
      }
      return true;
    };
    await clock.advance(9_000);
    expect([written, results, clock.pending]).toEqual([
      ['a q-a', ...(erased === 'a' ? ['b q-b'] : [])],
      ['written'],
      0,
    ]);
  });

  it.each<[said: string, Written | Error]>([
    ['was accepted', true],
    ['was not accepted', false],
    ['failed', new Error('down')],
  ])('is still counted, and named no more, although the end %s meanwhile', async (_said, answer) => {
    const { clock, results, written, left, store, writeBack, keep } = open({ keepMs: 5_000 });
    keep('a');
    left.over.add('a');
    store.answer = () => {
      writeBack.forget({ scope: 's', keys: ['q-a'], idKeys: [], mobileKeys: [] });
      store.answer = () => 'counted';
      if (answer instanceof Error) throw answer;
      return answer;
    };
    await clock.advance(9_000);
    expect([written, results, clock.pending]).toEqual([['a q-a', 'a uncounted'], ['counted'], 0]);
  });
});

describe('beyond the room', () => {
  it('the oldest end is lost first, and a call that is only counted last', () => {
    const { results, said, left, writeBack, keep } = open({ keepMs: 5_000, capacity: 2 });
    left.erased.add('count');
    for (const owner of ['count', 'a', 'b']) keep(owner);
    expect([results, said.filter((one) => one.startsWith('given'))]).toEqual([['lost'], ['given up a']]);
    left.erased.add('c').add('d');
    for (const owner of ['c', 'd']) keep(owner);
    expect(said.filter((one) => one.startsWith('given'))).toEqual(['given up a', 'given up b', 'given up count']);
    expect([...writeBack.scopes()]).toEqual(['s']);
  });
});

describe('closing', () => {
  it('gives up what could not be written, and what comes later', async () => {
    const { clock, results, said, writeBack, keep } = open({ keepMs: 5_000 });
    keep('a');
    await writeBack.close(1_000);
    keep('b');
    writeBack.giveBack(requestOf('c'));
    expect([results, said.slice(1)]).toEqual([
      ['lost', 'lost'],
      ['given up a', 'given up b'],
    ]);
    expect([clock.pending, writeBack.scopes().size]).toEqual([0, 0]);
  });

  it('needs no time when nothing is kept', async () => {
    const { results, said, writeBack } = open();
    await writeBack.close(1_000);
    expect([results, said]).toEqual([[], []]);
  });

  it('writes one after the other until its time is over', async () => {
    const { clock, results, written, store, writeBack, keep } = open({ keepMs: 5_000 });
    for (const owner of ['a', 'b', 'c']) keep(owner);
    store.answer = async () => {
      await clock.advance(500);
      return true;
    };
    await writeBack.close(1_000);
    expect([written, results]).toEqual([
      ['a q-a', 'b q-b'],
      ['written', 'written', 'lost'],
    ]);
  });
});

describe('the wait between two tries', () => {
  it('doubles from 250 ms to 1 s while the store fails, and begins anew when it is back', async () => {
    const { clock, written, store, keep } = open({ keepMs: 60_000 });
    keep('a');
    const triesAfter = async (ms: number) => {
      await clock.advance(ms);
      return written.length;
    };
    expect([await triesAfter(249), await triesAfter(1)]).toEqual([0, 1]);
    expect([await triesAfter(499), await triesAfter(1)]).toEqual([1, 2]);
    expect([await triesAfter(999), await triesAfter(1)]).toEqual([2, 3]);
    expect([await triesAfter(999), await triesAfter(1)]).toEqual([3, 4]);
    store.answer = () => true;
    await clock.advance(1_000);
    store.answer = () => {
      throw new Error('down');
    };
    keep('b');
    expect([await triesAfter(249), await triesAfter(1)]).toEqual([5, 6]);
  });
});
