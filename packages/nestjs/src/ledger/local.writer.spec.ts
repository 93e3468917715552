import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import { LedgerGate } from './ledger.gate.js';
import type { ClaimAnswer, ClaimRequest, Grant, Ledger, LedgerAnswer, Settlement } from './ledger.port.js';
import { newCall, type LocalCall } from './local.call.js';
import { LocalCalls } from './local.calls.js';
import { LocalWriter } from './local.writer.js';
import { SpendingShare } from './spending.share.js';

const SPENT = { callsToday: 3, callsThisMonth: 4 };
const GRANTED: ClaimAnswer = { verdict: 'granted', probe: false, spent: SPENT };
const answer: LedgerAnswer = { outcome: 'match', code: '10000', billed: 'yes', answeredAt: 7, seqNo: 'S' };
const request: ClaimRequest = {
  scope: 's',
  keys: ['q'],
  idKeys: ['i'],
  mobileKeys: ['m'],
  owner: 'o',
  leaseMs: 10_000,
  doubtMs: 60_000,
  maxAgeMs: 0,
  repeatInDoubt: false,
  budget: { callsPerDay: 1 },
  subjectLimit: { perIdNumber: 1, perMobile: 1, windowMs: 1_000 },
};
const refused = (reason: 'latched' | 'capacity' | 'same_parameter'): ClaimAnswer => ({
  verdict: 'refused',
  reason,
  retryAfterMs: 1,
});
const end = (result: Settlement['result']): Settlement => ({ scope: 's', key: 'q', owner: 'o', result });
const ANSWERED = end({ kind: 'answered', answer, ttlMs: 5_000, charged: true });
const IN_DOUBT = end({ kind: 'in_doubt', ttlMs: 1_000 });

/** A store that says what a test tells it to, and writes down what it is told. */
function open({ mayStand = false, isCharged = true }: { mayStand?: boolean; isCharged?: boolean } = {}) {
  const clock = new ManualClock();
  const told: [command: string, what: ClaimRequest | Grant | Settlement][] = [];
  const store = {
    claims: [] as (ClaimAnswer | Promise<ClaimAnswer>)[],
    settles: [] as (boolean | Error | (() => boolean))[],
  };
  const ledger = {
    claim: async (asked: ClaimRequest) => {
      told.push(['claim', asked]);
      return store.claims.shift() ?? GRANTED;
    },
    settle: async (settlement: Settlement) => {
      told.push(['settle', settlement]);
      const said = store.settles.shift() ?? true;
      if (said instanceof Error) throw said;
      return typeof said === 'function' ? said() : said;
    },
    release: async (grant: Grant) => {
      told.push(['release', grant]);
      return true;
    },
  } as Partial<Ledger> as Ledger;
  const spending = new SpendingShare(clock, 1);
  const calls = new LocalCalls(spending);
  const gate = new LedgerGate(ledger, clock, 50);
  const writer = new LocalWriter({ clock, gate, calls, spending });
  const call: LocalCall = calls.add(
    newCall(request, mayStand, {
      endedAt: clock.monotonic(),
      ...(isCharged && { reservation: spending.reserve('s') }),
    }),
  );
  return {
    clock,
    store,
    told,
    call,
    calls,
    write: (settlement: Settlement) => writer.write(settlement, call),
    /** What the store was told, in short, and since the last time that this was asked. */
    commands: () => told.splice(0).map(([command, what]) => `${command} ${what.owner === 'o' ? 'as first' : 'later'}`),
    isOpen: () => calls.get('o') !== undefined,
    charged: () => spending.unwritten('s').callsToday,
    known: () => spending.spent('s'),
  };
}

describe('a call of which the store may hold an intent', () => {
  it('is ended by its owner, and that is all', async () => {
    const { write, commands, isOpen, charged } = open({ mayStand: true });
    expect(await write(ANSWERED)).toBe(true);
    expect([commands(), isOpen(), charged()]).toEqual([['settle as first'], false, 0]);
  });

  it('is claimed later if the store has no intent of it', async () => {
    const { write, store, commands, isOpen } = open({ mayStand: true });
    store.settles = [false];
    expect(await write(ANSWERED)).toBe(true);
    expect([commands(), isOpen()]).toEqual([['settle as first', 'claim later', 'settle later'], false]);
  });

  it.each(['q', 'erased'])('is over if its end says nothing: %s', async (which) => {
    const { write, store, call, calls, commands, isOpen } = open({ mayStand: true });
    if (which === 'erased') calls.reduce(call);
    store.settles = [false];
    expect(await write(end({ kind: 'unbilled', inconclusive: true }))).toBe(true);
    expect([commands(), isOpen()]).toEqual([['settle as first'], false]);
  });

  it('ends without its answer if the person was erased', async () => {
    const { write, told, call, calls } = open({ mayStand: true });
    calls.reduce(call);
    expect(await write(ANSWERED)).toBe(true);
    expect(told).toEqual([['settle', end({ kind: 'answered', answer, ttlMs: 0, charged: true })]]);
  });
});

describe('a call that the store did not grant', () => {
  it.each<[Settlement, afterMs: number, Settlement['result']]>([
    [ANSWERED, 1_000, { kind: 'answered', answer, ttlMs: 4_000, charged: true }],
    [IN_DOUBT, 999, { kind: 'in_doubt', ttlMs: 1 }],
    [end({ kind: 'unbilled', blockMs: 1_500 }), 1_000, { kind: 'unbilled', blockMs: 500 }],
  ])(
    'is claimed by another owner, and ends there as it ended here: %j after %d ms',
    async (settlement, afterMs, result) => {
      const { write, told, call, clock, known } = open();
      await clock.advance(afterMs);
      expect(await write(settlement)).toBe(true);
      expect(told).toEqual([
        ['claim', expect.objectContaining({ keys: ['q'], idKeys: ['i'], budget: {}, repeatInDoubt: true })],
        ['settle', { scope: 's', key: 'q', owner: call.laterOwner, result }],
      ]);
      expect(known()).toEqual(SPENT);
    },
  );

  it('refunds what its claim reserved, if the store counts the call already', async () => {
    const { write, told } = open({ isCharged: false });
    expect(await write(ANSWERED)).toBe(true);
    expect(told.at(-1)?.[1]).toMatchObject({ result: { kind: 'answered', charged: false } });
  });

  it('is written to a ledger that does not say what is spent', async () => {
    const { write, store, known } = open();
    store.claims = [{ verdict: 'granted', probe: false }];
    expect([await write(ANSWERED), known()]).toEqual([true, undefined]);
  });

  it('is not claimed again when only its end was lost', async () => {
    const { write, store, commands, isOpen } = open();
    store.settles = [new Error('lost')];
    await expect(write(ANSWERED)).rejects.toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE' });
    expect([commands(), isOpen()]).toEqual([['claim later', 'settle later'], true]);
    expect([await write(ANSWERED), commands(), isOpen()]).toEqual([true, ['settle later'], false]);
  });

  it('is tried again when the store has lost its claim', async () => {
    const { write, store, commands, isOpen } = open();
    store.settles = [false];
    expect([await write(ANSWERED), commands(), isOpen()]).toEqual(['later', ['claim later', 'settle later'], true]);
    store.settles = [false];
    expect(await write(ANSWERED)).toBe(true);
    expect([commands(), isOpen()]).toEqual([['settle later', 'claim later', 'settle later'], false]);
  });

  it('is counted without its question if the person is erased during the writing', async () => {
    const { write, store, told, call, calls, isOpen } = open();
    const erase = (said: boolean) => () => {
      calls.reduce(call);
      return said;
    };
    store.settles = [new Error('lost'), erase(false)];
    await write(ANSWERED).catch(() => undefined);
    told.splice(0);
    expect(await write(ANSWERED)).toBe('counted');
    const named = told.filter(([command]) => command === 'claim').map(([, what]) => what);
    expect(named).toMatchObject([{ keys: ['uncounted.o'], idKeys: [], mobileKeys: [], subjectLimit: undefined }]);
    expect(isOpen()).toBe(false);
  });

  it.each<ClaimAnswer>([
    { verdict: 'in_flight', leaseMs: 1 },
    { verdict: 'unknown', retryAfterMs: 1 },
    refused('latched'),
    refused('capacity'),
  ])('waits while the store says %j', async (said) => {
    const { write, store, commands, isOpen, charged } = open();
    store.claims = [said];
    expect([await write(ANSWERED), commands()]).toEqual(['later', ['claim later']]);
    expect([isOpen(), charged()]).toEqual([true, 1]);
  });

  it.each(['latched', 'capacity'] as const)(
    'is given up if there is nothing to count, and the store says: %s',
    async (reason) => {
      const { write, store, commands, isOpen } = open({ isCharged: false });
      store.claims = [refused(reason)];
      expect([await write(ANSWERED), commands(), isOpen()]).toEqual([false, ['claim later'], false]);
    },
  );

  it('gives the probe of a latch back', async () => {
    const { write, store, told, call, isOpen } = open();
    store.claims = [{ verdict: 'granted', probe: true, spent: SPENT }];
    expect([await write(ANSWERED), isOpen()]).toEqual(['later', true]);
    expect(told.slice(1)).toEqual([['release', expect.objectContaining({ key: 'q', owner: call.laterOwner })]]);
  });

  it('does not give a grant back that comes too late: the next try ends it', async () => {
    const { write, store, clock, commands } = open();
    let grant: (answer: ClaimAnswer) => void = () => undefined;
    store.claims = [new Promise((resolve) => (grant = resolve))];
    const seen = write(ANSWERED).catch((error: unknown) => error);
    await clock.advance(50);
    expect(await seen).toMatchObject({ code: 'IDV_LEDGER_UNAVAILABLE' });
    grant(GRANTED);
    await clock.advance(1);
    expect(commands()).toEqual(['claim later']);
    expect([await write(ANSWERED), commands()]).toEqual([true, ['settle later']]);
  });
});

describe('a call of which the store keeps something else', () => {
  const another: LedgerAnswer = { ...answer, seqNo: 'T' };

  it.each<ClaimAnswer>([{ verdict: 'hit', answer: another }, refused('same_parameter')])(
    'is only counted, without its question: %j',
    async (said) => {
      const { write, store, told, call, isOpen, charged, known } = open();
      store.claims = [said];
      expect(await write(ANSWERED)).toBe('counted');
      expect(told.slice(1)).toEqual([
        [
          'claim',
          expect.objectContaining({
            keys: ['uncounted.o'],
            idKeys: [],
            mobileKeys: [],
            subjectLimit: undefined,
            owner: call.laterOwner,
            doubtMs: 1,
          }),
        ],
        ['settle', { scope: 's', key: 'uncounted.o', owner: call.laterOwner, result: { kind: 'in_doubt', ttlMs: 1 } }],
      ]);
      expect([isOpen(), charged(), known()]).toEqual([false, 0, SPENT]);
    },
  );

  it('is written if that is its own answer', async () => {
    const { write, store, commands, isOpen } = open();
    store.claims = [{ verdict: 'hit', answer }];
    expect([await write(ANSWERED), commands(), isOpen()]).toEqual([true, ['claim later'], false]);
  });

  it('is not counted again if the store counts it already', async () => {
    const { write, store, commands, isOpen } = open({ isCharged: false });
    store.claims = [{ verdict: 'hit', answer: another }];
    expect([await write(ANSWERED), commands(), isOpen()]).toEqual(['counted', ['claim later'], false]);
  });

  it('is not counted after the month in which it was made', async () => {
    const { write, store, clock, commands, isOpen } = open();
    store.claims = [{ verdict: 'hit', answer: another }];
    clock.jump(32 * 86_400_000);
    expect([await write(ANSWERED), commands(), isOpen()]).toEqual(['counted', ['claim later'], false]);
  });
});

describe('the counting of a call whose answer is over', () => {
  const over = async (claims: (ClaimAnswer | Promise<ClaimAnswer>)[], settles: (boolean | Error)[] = []) => {
    const opened = open();
    Object.assign(opened.store, { claims, settles });
    await opened.clock.advance(5_000);
    return opened;
  };

  it('waits while the store refuses it', async () => {
    const { write, commands, isOpen, charged } = await over([refused('capacity')]);
    expect([await write(ANSWERED), commands()]).toEqual(['later', ['claim later']]);
    expect([isOpen(), charged()]).toEqual([true, 1]);
  });

  it('gives the probe of a latch back', async () => {
    const { write, told, isOpen } = await over([{ verdict: 'granted', probe: true, spent: SPENT }]);
    expect([await write(ANSWERED), isOpen()]).toEqual(['later', true]);
    expect(told.slice(1)).toEqual([['release', expect.objectContaining({ key: 'uncounted.o' })]]);
  });

  it.each<[title: string, ClaimAnswer]>([
    ['an intent', { verdict: 'in_flight', leaseMs: 1 }],
    ['a doubt', { verdict: 'unknown', retryAfterMs: 1 }],
  ])('is done if the store has %s of it: an earlier try has counted it', async (_title, said) => {
    const { write, commands, isOpen, charged } = await over([said]);
    expect([await write(ANSWERED), commands()]).toEqual(['counted', ['claim later']]);
    expect([isOpen(), charged()]).toEqual([false, 0]);
  });

  it('is done although the store fails at the end, and is not told what is spent', async () => {
    const { write, commands, isOpen, known } = await over([{ verdict: 'granted', probe: false }], [new Error('away')]);
    expect([await write(ANSWERED), commands()]).toEqual(['counted', ['claim later', 'settle later']]);
    expect([isOpen(), known()]).toEqual([false, undefined]);
  });
});
