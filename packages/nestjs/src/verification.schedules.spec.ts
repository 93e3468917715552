import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shanghaiDay } from './clock.js';
import { identityVerifyError } from './errors/identity-verify.error.js';
import { LedgerKeys } from './ledger/ledger.keys.js';
import { QuestionClaim } from './ledger/question.claim.js';
import { MemoryLedger } from './ledger/memory.ledger.js';
import { Telemetry } from './telemetry/telemetry.js';
import { ManualClock } from './testing/manual.clock.js';
import { TenantDirectory } from './upstream/tenant.directory.js';
import type { Decoded } from './upstream/reply.decoder.js';
import { VerificationEngine } from './verification.engine.js';

const telemetry = new Telemetry({
  instance: 's',
  audit: undefined,
  onEvent: undefined,
  onSinkFailed: () => undefined,
});
const DEADLINE_MS = 1_000;
const CALLS_PER_DAY = 4;
const pepper = { kid: '1', secret: 'a pepper that is long enough for this' };

/** How a call ends. Whether it was billed is the upstream's affair: what the client is told may be less. */
const ENDINGS = {
  match: { billed: true, decoded: { kind: 'answer', outcome: 'match', billed: 'yes', code: '10000', seqNo: 'S' } },
  noRecord: {
    billed: false,
    decoded: { kind: 'answer', outcome: 'no_record', billed: 'unknown', code: '10001', seqNo: 'S' },
  },
  busy: { billed: false, decoded: failure('IDV_BUSY') },
  lostAndBilled: { billed: true, decoded: failure('IDV_CONNECTION_LOST') },
  lostAndNotBilled: { billed: false, decoded: failure('IDV_CONNECTION_LOST') },
  quota: { billed: false, decoded: { ...failure('IDV_QUOTA'), latch: 'quota' } },
  blocked: { billed: false, decoded: { ...failure('IDV_SAME_PARAMETER_LIMIT'), block: true } },
} as const satisfies Record<string, { billed: boolean; decoded: Decoded }>;

function failure(code: 'IDV_BUSY' | 'IDV_CONNECTION_LOST' | 'IDV_QUOTA' | 'IDV_SAME_PARAMETER_LIMIT') {
  return { kind: 'failure', error: identityVerifyError(code), retry: 'never', ill: false } as const;
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('verify' as const),
      who: fc.nat(2),
      instance: fc.nat(1),
      fresh: fc.boolean(),
      insist: fc.boolean(),
      abortable: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      which: fc.nat(5),
      how: fc.constantFrom(...(Object.keys(ENDINGS) as (keyof typeof ENDINGS)[])),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('die' as const),
      who: fc.nat(2),
      insist: fc.boolean(),
      billed: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), who: fc.nat(2) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(10, 400, 1_000, 6_500, 70_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('jump' as const),
      ms: fc.constantFrom(-3_600_000, -86_400_000, 3_600_000, 90_000),
    }),
  },
);

describe('whatever happens in whatever order', () => {
  it('what was billed ≤ what the ledger charged ≤ the budget, and nobody waits past the deadline', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
        const clock = new ManualClock();
        const ledger = new MemoryLedger({ clock });
        let jumped = 0;
        const elapsed = () => clock.now() - jumped;
        // The latest day that was seen: periods only ever advance.
        let day = 0;
        const today = () => (day = Math.max(day, shanghaiDay(clock.now())));
        const billed = new Map<number, number>();
        const calls: { answer: (decoded: Decoded) => void; day: number }[] = [];
        const takeCall = (which: number, isBilled: boolean) => {
          const [call] = calls.splice(which % Math.max(1, calls.length), 1);
          if (call && isBilled) billed.set(call.day, (billed.get(call.day) ?? 0) + 1);
          return call;
        };
        const callers: AbortController[] = [];
        const waits: Promise<void>[] = [];
        let latest = 0;

        const tenants = new TenantDirectory(undefined, clock);
        const keys = new LedgerKeys([pepper]);
        const terms = {
          scope: 's',
          leaseMs: 6_000,
          doubtMs: 60_000,
          budget: { callsPerDay: CALLS_PER_DAY },
          subjectLimit: undefined,
        };
        const engines = [0, 1].map(
          () =>
            new VerificationEngine({
              scope: 's',
              options: {
                credentials: { appCode: 'c' },
                random: () => 0.5,
                deadlineMs: DEADLINE_MS,
                budget: { callsPerDay: CALLS_PER_DAY },
              },
              clock,
              keys,
              ledger,
              tenants,
              telemetry,
              allowTestMobiles: true,
              // As the client does: at the deadline it gives up, and cannot know whether it was billed.
              ask: (_identity, _credentials, { deadline }) =>
                new Promise((answer) => {
                  calls.push({ answer, day: today() });
                  deadline.addEventListener('abort', () => answer(failure('IDV_CONNECTION_LOST')));
                }),
              onSettleFailed: () => undefined,
            }),
        );

        for (const action of steps) {
          if (action.do === 'verify') {
            const caller = new AbortController();
            callers.push(caller);
            const begun = elapsed();
            const verified = engines[action.instance]!.verify(TEST_POPULATION[action.who]!, {
              ...(action.fresh && { maxAgeMs: 0 }),
              repeatInDoubt: action.insist,
              ...(action.abortable && { signal: caller.signal }),
            });
            const ended = () => {
              latest = Math.max(latest, elapsed() - begun);
            };
            waits.push(verified.then(ended, ended));
          } else if (action.do === 'end') {
            takeCall(action.which, ENDINGS[action.how].billed)?.answer(ENDINGS[action.how].decoded);
          } else if (action.do === 'die') {
            // Another process claims, may even be billed, and is never heard of again.
            const person = TEST_POPULATION[action.who]!;
            const granted = ledger.claim(
              new QuestionClaim(terms, keys, person, keys.question('s', person), undefined, action.insist),
            );
            if (granted.verdict === 'granted' && action.billed) billed.set(today(), (billed.get(today()) ?? 0) + 1);
          } else if (action.do === 'abort') callers[action.which]?.abort();
          else if (action.do === 'forget') await engines[0]!.forget(TEST_POPULATION[action.who]!);
          else if (action.do === 'jump') {
            clock.jump(action.ms);
            jumped += action.ms;
          } else await clock.advance(action.ms);
          await clock.advance(0);
          const { callsToday } = ledger.spent('s');
          expect(callsToday).toBeLessThanOrEqual(CALLS_PER_DAY);
          expect(billed.get(today()) ?? 0).toBeLessThanOrEqual(callsToday);
        }
        await clock.advance(DEADLINE_MS);
        await Promise.all(waits);
        expect(latest).toBeLessThanOrEqual(DEADLINE_MS);
      }),
      { numRuns: 10_000 },
    );
  }, 120_000);
});
