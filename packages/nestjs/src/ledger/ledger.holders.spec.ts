import { describe, expect, it } from '@jest/globals';
import { LedgerHolders } from './ledger.holders.js';

function open() {
  let closed = 0;
  return { holders: new LedgerHolders(() => void closed++), closed: () => closed };
}

describe('a ledger', () => {
  it('closes when the application has ended and the last holder has let go', async () => {
    const { holders, closed } = open();
    const [one, other] = [holders.hold(), holders.hold()];
    await one();
    await holders.end();
    expect(closed()).toBe(0);
    await other();
    expect(closed()).toBe(1);
  });

  it('stays open while the application runs, though nobody holds it', async () => {
    const { holders, closed } = open();
    await holders.hold()();
    expect(closed()).toBe(0);
    await holders.end();
    expect(closed()).toBe(1);
  });

  it('counts a holder that lets go twice once', async () => {
    const { holders, closed } = open();
    const [one] = [holders.hold(), holders.hold()];
    await one();
    await one();
    await holders.end();
    expect(closed()).toBe(0);
  });

  it('is waited for until it is closed', async () => {
    const holders = new LedgerHolders(() => Promise.reject(new Error('not closed')));
    await expect(holders.end()).rejects.toThrow('not closed');
  });
});
