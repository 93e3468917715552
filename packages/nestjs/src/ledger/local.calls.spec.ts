import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../testing/manual.clock.js';
import type { ClaimRequest } from './ledger.port.js';
import { newCall } from './local.call.js';
import { LocalCalls } from './local.calls.js';
import { SpendingShare } from './spending.share.js';

function open() {
  const spending = new SpendingShare(new ManualClock(), 1);
  const calls = new LocalCalls(spending);
  /** A call about question `q`, which is charged. */
  const add = (owner: string, q: string, scope = 's') => {
    const request = {
      scope,
      keys: [q, `${q}-old`],
      idKeys: [`i-${q}`],
      mobileKeys: [`m-${q}`],
      owner,
    } as unknown as ClaimRequest;
    return calls.add(newCall(request, false, { reservation: spending.reserve(scope) }));
  };
  return { calls, add, charged: () => spending.unwritten('s').callsToday };
}

describe('a question that this process asked without the store', () => {
  it('is known under each of its keys until all of its calls are written', () => {
    const { calls, add } = open();
    const [a, b] = [add('a', 'q'), add('b', 'q')];
    const isKnown = () => [['q'], ['new', 'q-old'], ['q', 'new'], ['new']].map((keys) => calls.hasAsked(keys));
    expect(isKnown()).toEqual([true, true, true, false]);
    calls.finish('a', a);
    calls.finish('a', a); // two tries of one call can both end well
    expect(isKnown()).toEqual([true, true, true, false]);
    calls.finish('b', b);
    expect(isKnown()).toEqual([false, false, false, false]);
    expect([calls.get('a'), calls.get('b')]).toEqual([undefined, undefined]);
  });

  it('is no longer known when it is given up, and its call still counts', () => {
    const { calls, add, charged } = open();
    add('a', 'q');
    calls.giveUp('nobody');
    expect(calls.hasAsked(['q'])).toBe(true);
    calls.giveUp('a');
    expect([calls.hasAsked(['q']), calls.get('a'), charged()]).toEqual([false, undefined, 1]);
  });

  it('stays with the call of another owner that came afterwards', () => {
    const { calls, add, charged } = open();
    const first = add('a', 'q');
    const second = add('a', 'r');
    calls.finish('a', first);
    expect([calls.get('a'), calls.hasAsked(['r']), charged()]).toEqual([second, true, 2]);
  });
});

describe('the charge of a call', () => {
  it('is taken back once', () => {
    const { calls, add, charged } = open();
    const [a] = [add('a', 'q'), add('b', 'q')];
    calls.uncharge(a);
    calls.uncharge(a);
    calls.finish('a', a);
    expect([charged(), a.reservation]).toEqual([1, undefined]);
  });
});

describe('a call about a person who was erased', () => {
  it.each([
    ['the question', { keys: ['q'] }],
    ['an older key of the question', { keys: ['q-old'] }],
    ['the ID number', { idKeys: ['i-q'] }],
    ['the mobile', { mobileKeys: ['m-q'] }],
  ])('names nobody afterwards, and is still charged: erased by %s', (_title, named) => {
    const { calls, add, charged } = open();
    const [call, other, elsewhere] = [add('a', 'q'), add('b', 'r'), add('c', 'q', 'elsewhere')];
    const request = { scope: 's', keys: [], idKeys: [], mobileKeys: [], ...named };
    calls.forget(request);
    calls.forget(request);
    expect(call).toMatchObject({ isReduced: true });
    expect(call.request).toMatchObject({ keys: ['uncounted.a'], idKeys: [], mobileKeys: [], subjectLimit: undefined });
    expect([other.isReduced, elsewhere.isReduced]).toEqual([false, false]);
    expect([calls.hasAsked(['r']), charged()]).toEqual([true, 2]);
    calls.finish('c', elsewhere);
    expect(calls.hasAsked(['q'])).toBe(false);
    calls.reduce(call);
    calls.finish('a', call);
    expect([calls.get('a'), calls.hasAsked(['q', 'q-old']), charged()]).toEqual([undefined, false, 1]);
  });
});
