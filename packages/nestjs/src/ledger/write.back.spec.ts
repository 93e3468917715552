import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import type { ClaimRequest, Grant, Settlement } from './ledger.port.js';
import { WriteBack, type WriteBackResult } from './write.back.js';

const requestOf = (n: number): ClaimRequest => ({
  scope: n % 2 ? 'odd' : 'even',
  keys: [`q${n}`, `old-q${n}`],
  idKeys: [`i${n}`],
  mobileKeys: [`m${n}`],
  owner: `o${n}`,
  leaseMs: 10_000,
  doubtMs: 60_000,
  maxAgeMs: undefined,
  repeatInDoubt: false,
  budget: {},
  subjectLimit: undefined,
});
const grantOf = ({ scope, keys, owner }: ClaimRequest): Grant => ({ scope, key: keys[0]!, owner });

function open() {
  const clock = new ManualClock();
  const results: WriteBackResult[] = [];
  const tried: string[] = [];
  const down = new Set<string>(['all']);
  const write = async ({ owner }: Grant | Settlement): Promise<boolean> => {
    tried.push(owner);
    if (down.has('all') || down.has(owner)) throw new Error('down');
    return owner !== 'o2';
  };
  const writeBack = new WriteBack({
    clock,
    ledger: { settle: write, release: write },
    onResult: (result) => results.push(result),
  });
  const keep = (n: number) => {
    const grant = grantOf(requestOf(n));
    writeBack.keep(requestOf(n), n % 2 ? grant : { ...grant, result: { kind: 'in_doubt', ttlMs: 1 } });
  };
  return { clock, results, tried, down, writeBack, keep };
}

describe('WriteBack', () => {
  it('tries one at a time while the ledger fails, and all of them when it is back', async () => {
    const { clock, results, tried, down, keep } = open();
    for (const n of [0, 1, 2, 3]) keep(n);
    await clock.advance(1_750);
    expect(tried).toEqual(['o0', 'o1', 'o2']);
    down.delete('all');
    await clock.advance(1_000);
    expect(tried.slice(3)).toEqual(['o3', 'o0', 'o1', 'o2']);
    expect(results).toEqual(['written', 'written', 'written', 'superseded']);
    expect(clock.pending).toBe(0);
  });

  it('writes the others if one fails every time', async () => {
    const { clock, results, down, keep } = open();
    down.delete('all');
    down.add('o0');
    for (const n of [0, 1, 3]) keep(n);
    await clock.advance(2_000);
    expect(results).toEqual(['written', 'written']);
    await clock.advance(70_000);
    expect([results, clock.pending]).toEqual([['written', 'written', 'lost'], 0]);
  });

  it('releases grants that the ledger may have made, and reports none of them', async () => {
    const { clock, results, tried, down, writeBack } = open();
    for (const n of [0, 1]) writeBack.giveBack(requestOf(n));
    await clock.advance(250);
    down.delete('all');
    await clock.advance(1_000);
    expect([tried, results, clock.pending]).toEqual([['o0', 'o1', 'o0'], [], 0]);
  });

  it('drops such a release before the end of a call, and takes no more of them than there is room for', () => {
    const { results, writeBack, keep } = open();
    for (let n = 0; n < 999; n++) keep(n);
    for (const n of [999, 1_001, 1_003]) writeBack.giveBack(requestOf(n));
    keep(1_000);
    expect(results).toEqual([]);
    keep(1_002);
    expect(results).toEqual(['lost']);
  });

  it('keeps 1,000, the latest', () => {
    const { results, writeBack, keep } = open();
    for (let n = 0; n < 1_003; n++) keep(n);
    expect(results).toEqual(['lost', 'lost', 'lost']);
    expect([...writeBack.scopes()].sort()).toEqual(['even', 'odd']);
  });

  it.each([
    ['the question', { keys: ['old-q4'], idKeys: [], mobileKeys: [] }],
    ['the ID number', { keys: [], idKeys: ['i4'], mobileKeys: [] }],
    ['the mobile', { keys: [], idKeys: [], mobileKeys: ['m4'] }],
  ])('drops what %s names, in its scope alone', async (_what, named) => {
    const { clock, tried, down, writeBack, keep } = open();
    for (const n of [4, 6]) keep(n);
    writeBack.forget({ scope: 'odd', ...named });
    await clock.advance(250);
    expect(tried).toEqual(['o4']);
    down.delete('all');
    writeBack.forget({ scope: 'even', ...named });
    await clock.advance(500);
    expect(tried).toEqual(['o4', 'o6']);
  });

  it('tries once more when it closes, and reports what is lost', async () => {
    const { clock, results, tried, writeBack, keep } = open();
    for (const n of [0, 1]) keep(n);
    await writeBack.close(1_000);
    keep(3);
    expect([results, tried, clock.pending]).toEqual([['lost', 'lost', 'lost'], ['o0'], 0]);
  });

  it('does not try when it closes with no time left', async () => {
    const { results, tried, down, writeBack, keep } = open();
    down.delete('all');
    keep(0);
    await writeBack.close(0);
    expect([results, tried]).toEqual([['lost'], []]);
  });

  it('settles what was sent, and releases what was not', async () => {
    const clock = new ManualClock();
    const told: unknown[] = [];
    const writeBack = new WriteBack({
      clock,
      ledger: {
        settle: async (settlement) => told.push(['settle', settlement]) > 0,
        release: async (grant) => told.push(['release', grant]) > 0,
      },
      onResult: () => undefined,
    });
    const settlement: Settlement = { ...grantOf(requestOf(0)), result: { kind: 'in_doubt', ttlMs: 1 } };
    writeBack.keep(requestOf(0), settlement);
    writeBack.keep(requestOf(1), grantOf(requestOf(1)));
    writeBack.giveBack(requestOf(2));
    await clock.advance(250);
    expect(told).toEqual([
      ['settle', settlement],
      ['release', grantOf(requestOf(1))],
      ['release', grantOf(requestOf(2))],
    ]);
  });
});
