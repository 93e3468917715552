import * as assert from 'node:assert/strict';
import { grantOf } from '../ledger/ledger.gate.js';
import type { Awaitable, ClaimRequest, Ledger, LedgerAnswer, Settlement } from '../ledger/ledger.port.js';

/** A ledger under test, with control of its time. */
export interface LedgerHarness {
  readonly ledger: Ledger;
  /** Advances the ledger's time. */
  advance(ms: number): Awaitable<void>;
  /** The ledger's time, in milliseconds since the epoch. */
  now(): number;
  /** Releases the ledger's resources. */
  close?(): Awaitable<void>;
}

/** One requirement of the port. */
export interface LedgerConformanceCase {
  readonly title: string;
  /** @throws {assert.AssertionError} if the ledger does not meet it */
  run(harness: LedgerHarness): Promise<void>;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let owners = 0;

function request(overrides: Partial<ClaimRequest> = {}): ClaimRequest {
  return {
    scope: 's',
    keys: ['v1.a.q1'],
    idKeys: ['v1.a.i1'],
    mobileKeys: ['v1.a.m1'],
    owner: `owner-${++owners}`,
    leaseMs: 10_000,
    doubtMs: MINUTE,
    maxAgeMs: undefined,
    repeatInDoubt: false,
    budget: {},
    subjectLimit: undefined,
    ...overrides,
  };
}

/** A question about another person. */
const other = (n: number, overrides: Partial<ClaimRequest> = {}) =>
  request({ keys: [`v1.a.q${n}`], idKeys: [`v1.a.i${n}`], mobileKeys: [`v1.a.m${n}`], ...overrides });

const settlement = ({ scope, keys, owner }: ClaimRequest, result: Settlement['result']): Settlement => ({
  scope,
  key: keys[0] ?? '',
  owner,
  result,
});

const answered = (now: number, ttlMs = HOUR, charged = true): Settlement['result'] => ({
  kind: 'answered',
  answer: {
    outcome: 'match',
    code: '10000',
    billed: 'yes',
    seqNo: 'S1',
    requestId: 'R1',
    answeredAt: now,
    seal: 'kept as it is',
  } satisfies LedgerAnswer,
  ttlMs,
  charged,
});
const unbilled: Settlement['result'] = { kind: 'unbilled' };
const inDoubt: Settlement['result'] = { kind: 'in_doubt', ttlMs: MINUTE };

async function granted(ledger: Ledger, claim: ClaimRequest): Promise<ClaimRequest> {
  const answer = await ledger.claim(claim);
  assert.equal(answer.verdict, 'granted');
  return claim;
}

async function refused(ledger: Ledger, claim: ClaimRequest, reason: string): Promise<number> {
  const answer = await ledger.claim(claim);
  assert.ok(answer.verdict === 'refused', `expected a refusal, not ${answer.verdict}`);
  assert.equal(answer.reason, reason);
  assert.ok(answer.retryAfterMs > 0);
  return answer.retryAfterMs;
}

const verdict = async (ledger: Ledger, claim: ClaimRequest) => (await ledger.claim(claim)).verdict;

/**
 * The requirements for every implementation of {@link Ledger}, independent of the test runner:
 *
 * `for (const { title, run } of ledgerConformance) it(title, () => run(openHarness()))`
 */
export const ledgerConformance: readonly LedgerConformanceCase[] = [
  {
    title: 'grants the first claim, and answers the next one with the settled answer',
    async run({ ledger, now }) {
      const claim = await granted(ledger, request());
      assert.equal(await ledger.settle(settlement(claim, answered(now()))), true);
      const hit = await ledger.claim(request());
      assert.ok(hit.verdict === 'hit');
      assert.deepEqual(hit.answer, {
        outcome: 'match',
        code: '10000',
        billed: 'yes',
        seqNo: 'S1',
        requestId: 'R1',
        answeredAt: now(),
        seal: 'kept as it is',
      });
    },
  },
  {
    title: 'answers every further claim `in_flight` while the first is under way',
    async run({ ledger }) {
      await granted(ledger, request());
      for (let i = 0; i < 5; i++) assert.equal(await verdict(ledger, request()), 'in_flight');
      assert.equal((await ledger.spent('s')).callsToday, 1);
    },
  },
  {
    title: 'drops an answer after its lifetime',
    async run({ ledger, now, advance }) {
      await ledger.settle(settlement(await granted(ledger, request()), answered(now(), MINUTE)));
      await advance(MINUTE - 1);
      assert.equal(await verdict(ledger, request()), 'hit');
      await advance(1);
      assert.equal(await verdict(ledger, request()), 'granted');
    },
  },
  {
    title: 'does not return an answer older than maxAgeMs, but keeps it for other claims',
    async run({ ledger, now, advance }) {
      await ledger.settle(settlement(await granted(ledger, request()), answered(now())));
      await advance(1_000);
      assert.equal(await verdict(ledger, request({ maxAgeMs: 1_001 })), 'hit');
      assert.equal(await verdict(ledger, request({ maxAgeMs: 1_000 })), 'granted');
      assert.equal(await verdict(ledger, request()), 'hit');
    },
  },
  {
    title: 'holds a question in doubt after its owner died, then grants it again',
    async run({ ledger, advance }) {
      await granted(ledger, request());
      await advance(10_000);
      const answer = await ledger.claim(request());
      assert.ok(answer.verdict === 'unknown');
      assert.equal(answer.retryAfterMs, MINUTE);
      await advance(MINUTE);
      assert.equal(await verdict(ledger, request()), 'granted');
      assert.equal((await ledger.spent('s')).callsToday, 2, 'the lost call stays charged');
    },
  },
  {
    title: 'grants a question in doubt with repeatInDoubt',
    async run({ ledger }) {
      await ledger.settle(settlement(await granted(ledger, request()), inDoubt));
      assert.equal(await verdict(ledger, request()), 'unknown');
      assert.equal(await verdict(ledger, request({ repeatInDoubt: true })), 'granted');
      assert.equal((await ledger.spent('s')).callsToday, 2);
    },
  },
  {
    title: 'accepts a settlement only from the owner, and only once',
    async run({ ledger, now }) {
      const claim = await granted(ledger, request());
      assert.equal(await ledger.settle({ ...settlement(claim, answered(now())), owner: 'somebody-else' }), false);
      assert.equal(await ledger.settle(settlement(claim, unbilled)), true);
      assert.equal(await ledger.settle(settlement(claim, answered(now()))), false);
      assert.equal(await verdict(ledger, request()), 'granted');
    },
  },
  {
    title: 'refuses the settlement of an owner that another one has replaced',
    async run({ ledger, now, advance }) {
      const dead = await granted(ledger, request());
      await advance(10_000);
      await granted(ledger, request({ repeatInDoubt: true }));
      assert.equal(await ledger.settle(settlement(dead, answered(now()))), false);
      assert.equal(await verdict(ledger, request()), 'in_flight');
    },
  },
  {
    title: 'accepts the settlement of a slow owner that no other has replaced',
    async run({ ledger, now, advance }) {
      const slow = await granted(ledger, request());
      await advance(11_000);
      assert.equal(await ledger.settle(settlement(slow, answered(now()))), true);
      assert.equal(await verdict(ledger, request()), 'hit');
    },
  },
  {
    title: 'refunds a reserved call only if it is proven unbilled',
    async run({ ledger, now }) {
      await ledger.settle(settlement(await granted(ledger, other(1)), unbilled));
      assert.deepEqual(await ledger.spent('s'), { callsToday: 0, callsThisMonth: 0 });
      await ledger.settle(settlement(await granted(ledger, other(2)), answered(now(), HOUR, false)));
      assert.deepEqual(await ledger.spent('s'), { callsToday: 0, callsThisMonth: 0 });
      await ledger.settle(settlement(await granted(ledger, other(3)), inDoubt));
      await ledger.settle(settlement(await granted(ledger, other(4)), answered(now())));
      assert.deepEqual(await ledger.spent('s'), { callsToday: 2, callsThisMonth: 2 });
    },
  },
  {
    title: 'never grants more concurrent calls than the day budget allows',
    async run({ ledger }) {
      const budget = { callsPerDay: 2 };
      const first = await granted(ledger, other(1, { budget }));
      await granted(ledger, other(2, { budget }));
      await refused(ledger, other(3, { budget }), 'budget_day');
      await ledger.settle(settlement(first, unbilled));
      await granted(ledger, other(3, { budget }));
    },
  },
  {
    title: 'counts days and months of Asia/Shanghai, and returns when the next one begins',
    async run({ ledger, now, advance }) {
      const budget = { callsPerDay: 1, callsPerMonth: 2 };
      await ledger.settle(settlement(await granted(ledger, other(1, { budget })), inDoubt));
      const toNextDay = await refused(ledger, other(2, { budget }), 'budget_day');
      assert.equal(new Date(now() + toNextDay + 8 * HOUR).toISOString().slice(11), '00:00:00.000Z');
      await advance(toNextDay);
      await ledger.settle(settlement(await granted(ledger, other(2, { budget })), inDoubt));
      const toNextMonth = await refused(ledger, other(3, { budget: { callsPerMonth: 2 } }), 'budget_month');
      assert.equal(new Date(now() + toNextMonth + 8 * HOUR).toISOString().slice(8), '01T00:00:00.000Z');
      await advance(toNextMonth);
      await granted(ledger, other(3, { budget }));
    },
  },
  {
    title: 'does not reopen a used-up budget when the call of an earlier period is refunded',
    async run({ ledger, advance }) {
      const yesterday = await granted(ledger, other(1, { leaseMs: 48 * HOUR }));
      await advance(24 * HOUR);
      await granted(ledger, other(2));
      await ledger.settle(settlement(yesterday, unbilled));
      assert.equal((await ledger.spent('s')).callsToday, 1);
    },
  },
  {
    title: 'counts the budget of each scope separately',
    async run({ ledger }) {
      const budget = { callsPerDay: 1 };
      await granted(ledger, other(1, { budget }));
      await granted(ledger, other(2, { budget, scope: 't' }));
      await refused(ledger, other(3, { budget }), 'budget_day');
    },
  },
  {
    title: 'limits the number of different questions about one ID number, and about one mobile',
    async run({ ledger, advance }) {
      const subjectLimit = { perIdNumber: 2, perMobile: 3, windowMs: HOUR };
      const ask = (n: number, subject: Partial<ClaimRequest>) =>
        request({ keys: [`v1.a.q${n}`], subjectLimit, ...subject });
      for (const n of [1, 2])
        await ledger.settle(settlement(await granted(ledger, ask(n, { mobileKeys: [`m${n}`] })), inDoubt));
      const wait = await refused(ledger, ask(3, { mobileKeys: ['m3'] }), 'subject_id_number');
      assert.equal(
        await verdict(ledger, ask(1, { mobileKeys: ['m1'], repeatInDoubt: true })),
        'granted',
        'the same question is no new one',
      );
      for (const n of [11, 12, 13])
        await ledger.settle(
          settlement(await granted(ledger, ask(n, { idKeys: [`i${n}`], mobileKeys: ['m'] })), unbilled),
        );
      await refused(ledger, ask(14, { idKeys: ['i14'], mobileKeys: ['m'] }), 'subject_mobile');
      await advance(wait);
      await granted(ledger, ask(3, { mobileKeys: ['m3'] }));
    },
  },
  {
    title: 'blocks one question, and no other, after the same-parameter limit',
    async run({ ledger, advance }) {
      await ledger.settle(settlement(await granted(ledger, request()), { kind: 'unbilled', blockMs: HOUR }));
      assert.equal(await refused(ledger, request(), 'same_parameter'), HOUR);
      assert.equal(await verdict(ledger, request({ maxAgeMs: 0, repeatInDoubt: true })), 'refused');
      await granted(ledger, other(2));
      await advance(HOUR);
      await granted(ledger, request());
    },
  },
  {
    title: 'refuses every claim of a scope with a closed latch, then grants one probe',
    async run({ ledger, advance, now }) {
      const latch = { name: 'quota', ms: MINUTE } as const;
      await ledger.settle(settlement(await granted(ledger, other(1)), { kind: 'unbilled', latch }));
      assert.deepEqual(await ledger.latch('s'), { name: 'quota', until: now() + MINUTE });
      await refused(ledger, other(2), 'latched');
      await granted(ledger, other(3, { scope: 't' }));
      await advance(MINUTE);
      const probe = other(4);
      const answer = await ledger.claim(probe);
      assert.ok(answer.verdict === 'granted' && answer.probe);
      await refused(ledger, other(5), 'latched');
      await ledger.settle(settlement(probe, answered(now())));
      assert.equal(await ledger.latch('s'), undefined);
      const next = await ledger.claim(other(5));
      assert.ok(next.verdict === 'granted' && !next.probe);
    },
  },
  {
    title: 'keeps the latch closed if its probe is refused, gets no answer, or dies',
    async run({ ledger, advance }) {
      const latch = { name: 'access', ms: MINUTE } as const;
      await ledger.settle(settlement(await granted(ledger, other(1)), { kind: 'unbilled', latch }));
      for (const result of [{ kind: 'unbilled', latch } as const, unbilled, inDoubt]) {
        await advance(MINUTE);
        await ledger.settle(settlement(await granted(ledger, other(2, { repeatInDoubt: true })), result));
        await refused(ledger, other(3), 'latched');
      }
      await advance(MINUTE);
      await granted(ledger, other(4)); // the owner dies
      await advance(10_000 - 1);
      await refused(ledger, other(5), 'latched');
      await advance(1);
      const answer = await ledger.claim(other(5));
      assert.ok(answer.verdict === 'granted' && answer.probe);
    },
  },
  {
    title: 'returns kept answers while the latch of the scope is closed',
    async run({ ledger, now }) {
      await ledger.settle(settlement(await granted(ledger, other(1)), answered(now())));
      await ledger.settle(
        settlement(await granted(ledger, other(2)), { kind: 'unbilled', latch: { name: 'quota', ms: MINUTE } }),
      );
      assert.equal(await verdict(ledger, other(1)), 'hit');
    },
  },
  {
    title: 'finds entries of an older pepper after a rotation',
    async run({ ledger, now }) {
      await ledger.settle(settlement(await granted(ledger, request({ keys: ['v1.a.q'] })), answered(now())));
      assert.equal(await verdict(ledger, request({ keys: ['v1.b.q', 'v1.a.q'] })), 'hit');
      const claim = await granted(ledger, request({ keys: ['v1.a.r'] }));
      assert.equal(await verdict(ledger, request({ keys: ['v1.b.r', 'v1.a.r'] })), 'in_flight');
      await ledger.settle(settlement(claim, inDoubt));
      assert.equal(await verdict(ledger, request({ keys: ['v1.b.r', 'v1.a.r'] })), 'unknown');
    },
  },
  {
    title: 'erases every entry of one person, and of no other',
    async run({ ledger, now }) {
      await ledger.settle(settlement(await granted(ledger, request({ keys: ['q1'] })), answered(now())));
      await ledger.settle(
        settlement(await granted(ledger, request({ keys: ['q2'], mobileKeys: ['m2'] })), answered(now())),
      );
      await ledger.settle(settlement(await granted(ledger, other(9)), answered(now())));
      const erased = await ledger.forget({ scope: 's', keys: ['q1'], idKeys: ['v1.a.i1'], mobileKeys: ['v1.a.m1'] });
      assert.ok(erased >= 2);
      for (const key of ['q1', 'q2']) assert.equal(await verdict(ledger, request({ keys: [key] })), 'granted');
      assert.equal(await verdict(ledger, other(9)), 'hit');
      assert.equal((await ledger.spent('s')).callsToday, 5, 'spent calls hold no person');
    },
  },
  {
    title: 'keeps no answer of a person who is erased during a call, but settles its charge',
    async run({ ledger, now }) {
      const claim = await granted(ledger, request());
      await ledger.forget({ scope: 's', keys: [...claim.keys], idKeys: claim.idKeys, mobileKeys: claim.mobileKeys });
      assert.equal(await ledger.settle(settlement(claim, answered(now()))), true);
      assert.equal((await ledger.spent('s')).callsToday, 1);
      assert.equal(await verdict(ledger, request()), 'granted');
    },
  },
  {
    title: 'undoes a released grant completely',
    async run({ ledger }) {
      const subjectLimit = { perIdNumber: 1, perMobile: 1, windowMs: HOUR };
      for (let n = 1; n <= 20; n++) {
        const claim = await granted(ledger, request({ keys: [`v1.a.q${n}`], subjectLimit }));
        assert.equal(await ledger.release({ ...settlement(claim, unbilled), owner: 'somebody-else' }), false);
        assert.equal(await ledger.release(grantOf(claim)), true);
        assert.equal(await ledger.release(grantOf(claim)), false);
        assert.equal(await ledger.settle(settlement(claim, inDoubt)), false);
      }
      assert.deepEqual(await ledger.spent('s'), { callsToday: 0, callsThisMonth: 0 });
      assert.equal(await ledger.forget({ scope: 's', keys: [], idKeys: ['v1.a.i1'], mobileKeys: ['v1.a.m1'] }), 0);
    },
  },
  {
    title: 'restores the subject mark and the doubt that a released grant had replaced',
    async run({ ledger, advance }) {
      const subjectLimit = { perIdNumber: 1, perMobile: 1, windowMs: HOUR };
      await ledger.settle(
        settlement(await granted(ledger, request({ subjectLimit })), { kind: 'in_doubt', ttlMs: HOUR }),
      );
      await advance(30 * MINUTE);
      const claim = await granted(ledger, request({ subjectLimit, repeatInDoubt: true }));
      await ledger.release(grantOf(claim));
      assert.equal(await verdict(ledger, request({ subjectLimit })), 'unknown');
      const wait = await refused(ledger, request({ keys: ['v1.a.q2'], subjectLimit }), 'subject_id_number');
      assert.equal(wait, 30 * MINUTE, 'counted from the call that was sent');
      await advance(wait);
      await granted(ledger, request({ keys: ['v1.a.q2'], subjectLimit }));
    },
  },
  {
    title: 'holds a question in doubt again when the grant that replaced a dead owner is released',
    async run({ ledger, advance }) {
      await granted(ledger, request());
      await advance(10_000);
      await ledger.release(grantOf(await granted(ledger, request({ repeatInDoubt: true }))));
      assert.equal(await verdict(ledger, request()), 'unknown');
    },
  },
  {
    title: 'leaves a claim alone that came in between when another one is taken back',
    async run({ ledger, now }) {
      // During a rotation, one process knows the new pepper and the other does not.
      await ledger.settle(settlement(await granted(ledger, request({ keys: ['v1.a.q'] })), inDoubt));
      const rotated = await granted(ledger, request({ keys: ['v1.b.q', 'v1.a.q'], repeatInDoubt: true }));
      const old = await granted(ledger, request({ keys: ['v1.a.q'] }));
      await ledger.release(grantOf(rotated));
      assert.equal(await verdict(ledger, request({ keys: ['v1.a.q'] })), 'in_flight');
      assert.equal(await ledger.settle(settlement(old, answered(now()))), true);
    },
  },
  {
    title: 'grants the next probe at once if the reply to a probe was inconclusive',
    async run({ ledger, advance }) {
      const latch = { name: 'quota', ms: MINUTE } as const;
      await ledger.settle(settlement(await granted(ledger, other(1)), { kind: 'unbilled', latch }));
      await advance(MINUTE);
      await ledger.release(grantOf(await granted(ledger, other(2))));
      await ledger.settle(settlement(await granted(ledger, other(3)), { kind: 'unbilled', inconclusive: true }));
      await granted(ledger, other(4));
      await refused(ledger, other(5), 'latched');
    },
  },
  {
    title: 'reopens a latch on demand, and returns whether it was closed',
    async run({ ledger }) {
      assert.equal(await ledger.reopen('s'), false);
      await ledger.settle(
        settlement(await granted(ledger, other(1)), { kind: 'unbilled', latch: { name: 'quota', ms: HOUR } }),
      );
      assert.equal(await ledger.reopen('t'), false);
      assert.equal(await ledger.reopen('s'), true);
      assert.equal(await ledger.latch('s'), undefined);
      await granted(ledger, other(2));
    },
  },
  {
    title: 'lists every scope that has made a claim',
    async run({ ledger }) {
      await granted(ledger, other(1));
      await granted(ledger, other(2, { scope: 's/t' }));
      const scopes = await ledger.scopes();
      assert.ok(scopes.includes('s') && scopes.includes('s/t'));
    },
  },
  {
    title: 'counts a subject under the keys of all peppers, and each question once',
    async run({ ledger, now }) {
      const subjectLimit = { perIdNumber: 2, perMobile: 2, windowMs: HOUR };
      const old = (n: number) => request({ keys: [`v1.a.q${n}`], subjectLimit });
      const rotated = (n: number, overrides: Partial<ClaimRequest> = {}) =>
        request({
          keys: [`v1.b.q${n}`, `v1.a.q${n}`],
          idKeys: ['v1.b.i1', 'v1.a.i1'],
          mobileKeys: ['v1.b.m1', 'v1.a.m1'],
          subjectLimit,
          ...overrides,
        });
      await ledger.settle(settlement(await granted(ledger, old(1)), answered(now())));
      await ledger.settle(settlement(await granted(ledger, rotated(1, { maxAgeMs: 0 })), answered(now())));
      await ledger.settle(settlement(await granted(ledger, rotated(2)), answered(now())));
      await refused(ledger, rotated(3), 'subject_id_number');
      const idKeys = ['v1.b.i1', 'v1.a.i1'];
      await ledger.forget({ scope: 's', keys: [], idKeys, mobileKeys: [] });
      assert.equal(await verdict(ledger, old(1)), 'granted', 'neither spelling of the key has an answer left');
    },
  },
  {
    title: 'erases every kept answer of a person by ID number or by mobile',
    async run({ ledger, now, advance }) {
      const subjectLimit = { perIdNumber: 5, perMobile: 5, windowMs: HOUR };
      for (const n of [1, 2]) {
        await ledger.settle(settlement(await granted(ledger, other(n, { subjectLimit })), answered(now(), 720 * HOUR)));
      }
      await advance(719 * HOUR);
      assert.equal(await verdict(ledger, other(1)), 'hit');
      assert.ok((await ledger.forget({ scope: 's', keys: [], idKeys: ['v1.a.i1'], mobileKeys: [] })) > 0);
      assert.ok((await ledger.forget({ scope: 's', keys: [], idKeys: [], mobileKeys: ['v1.a.m2'] })) > 0);
      for (const n of [1, 2]) assert.equal(await verdict(ledger, other(n)), 'granted');
    },
  },
  {
    title: 'accepts claims that were serialised as JSON',
    async run({ ledger, now }) {
      const plain = (claim: ClaimRequest) => JSON.parse(JSON.stringify(claim)) as ClaimRequest;
      const limits = { budget: { callsPerDay: 1 }, subjectLimit: { perIdNumber: 1, perMobile: 1, windowMs: HOUR } };
      const claim = await granted(ledger, plain(request(limits)));
      await ledger.settle(JSON.parse(JSON.stringify(settlement(claim, answered(now())))) as Settlement);
      assert.equal(await verdict(ledger, plain(request(limits))), 'hit');
      await refused(ledger, plain(request({ ...limits, keys: ['v1.a.q2'] })), 'subject_id_number');
      await refused(ledger, plain(other(3, limits)), 'budget_day');
    },
  },
];
