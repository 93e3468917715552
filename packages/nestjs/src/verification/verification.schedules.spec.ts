import { resolveOptions } from '../options/options.resolver.js';
import { TEST_POPULATION } from '@identity-verify/contract';
import { describe, expect, it } from '@jest/globals';
import type { HttpException } from '@nestjs/common';
import type { ModuleRef, Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import fc from 'fast-check';
import { shanghaiDay } from '../support/clock.js';
import type { IdentityVerifyError } from '../errors/identity-verify.error.js';
import { IdentityVerifyGuard } from '../identity-verify.guard.js';
import { verifiedIdentityOf } from '../verified.requests.js';
import type { VerificationEngine } from './verification.engine.js';
import type { VerifyOptions } from './verification.types.js';
import type { Identity } from '../identity/identity.check.js';
import { LedgerKeys } from '../ledger/ledger.keys.js';
import type { ClaimRequest, Ledger } from '../ledger/ledger.port.js';
import { MemoryLedger } from '../ledger/memory.ledger.js';
import { ManualClock } from '../testing/manual.clock.js';
import { WireFailure, type WireReply, type WireRequest } from '../upstream/transport.port.js';
import { assemble } from './verification.assembly.js';

const PEPPER = 'a pepper that is long enough for this';
const KEYS = new LedgerKeys([{ kid: '1', secret: PEPPER }]);
const DEADLINE_MS = 1_000;
const CALLS_PER_DAY = 6;
const WINDOW_MS = 50_000;
const SUBJECT_LIMIT = { perIdNumber: 2, perMobile: 3, windowMs: WINDOW_MS };
const STEPS_A_RUN = 25;
const RUNS = process.env['TEST_LONG'] ? 4_000 : 300;

/** Three people, each also with a wrong name and with the mobile of another, as in a guess. */
const QUESTIONS: readonly Identity[] = TEST_POPULATION.flatMap((person, i) => [
  person,
  { ...person, name: '测试丁' },
  { ...person, mobile: TEST_POPULATION[(i + 1) % TEST_POPULATION.length]!.mobile },
]);

/** The spellings of one identity. */
const SPELLINGS: readonly ((identity: Identity) => Identity)[] = [
  (identity) => identity,
  ({ name, idCard, mobile }) => ({ name: ` ${name}\u200b`, idCard: idCard.toLowerCase(), mobile: `+86 ${mobile}` }),
  ({ name, idCard, mobile }) => ({
    name,
    idCard: `\u202d${idCard}\u202c`,
    mobile: `${mobile.slice(0, 3)}-${mobile.slice(3)}`,
  }),
];

/** The possible ends of a call, with its billing by the vendor. */
const ENDINGS = {
  match: { billed: true, reply: json({ code: '10000', data: { state: '1' } }) },
  mismatch: { billed: true, reply: json({ code: '10000', data: { state: '2' } }) },
  noRecord: { billed: true, reply: json({ code: '10001' }) },
  busy: { billed: false, reply: json({ code: '10017' }) },
  quota: { billed: false, reply: json({ code: '10009' }) },
  invalid: { billed: false, reply: json({ code: '10007' }) },
  tooOften: { billed: false, reply: json({ code: '10019' }) },
  broken: { billed: true, reply: json({ code: '10015' }) },
  html: {
    billed: true,
    reply: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<') }),
  },
  unreached: { billed: false, reply: () => new WireFailure('connect', 'unsent') },
  lost: { billed: true, reply: () => new WireFailure('connection_lost', 'sent') },
} as const satisfies Record<string, { billed: boolean; reply: (serial: number) => WireReply | WireFailure }>;
type Ending = keyof typeof ENDINGS;

function json(body: { code: string; data?: { state: string } }) {
  return (serial: number): WireReply => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ message: '', ...body, seqNo: `SCHEDULE${String(serial).padStart(10, '0')}` })),
  });
}

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('verify' as const),
      question: fc.nat(QUESTIONS.length - 1),
      spelling: fc.nat(SPELLINGS.length - 1),
      instance: fc.nat(1),
      fresh: fc.boolean(),
      insist: fc.boolean(),
      abortable: fc.boolean(),
      guarded: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      which: fc.nat(5),
      how: fc.constantFrom(...(Object.keys(ENDINGS) as Ending[])),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), question: fc.nat(QUESTIONS.length - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const), instance: fc.nat(1) }) },
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

/** A question that may have reached the upstream. */
interface Sent {
  readonly at: number;
  readonly asked: Identity;
}

/** A pending call. */
interface Call {
  readonly asked: Identity;
  readonly day: number;
  readonly mark: Sent;
  readonly end: (reply: WireReply | WireFailure) => void;
}

/** Two instances of the module on one ledger. Only the transport differs from production. */
class World {
  readonly clock = new ManualClock();
  readonly #ledger = new MemoryLedger({ clock: this.clock });
  readonly #calls: Call[] = [];
  readonly #callers: AbortController[] = [];
  readonly #waits: Promise<void>[] = [];
  /** The latest reservation of each question, by ledger key. Its call is charged to that day. */
  readonly #reservations = new Map<string, { readonly day: number; forgotten: boolean }>();
  readonly #billed = new Map<number, number>();
  /** The questions sent, with monotonic times. */
  readonly #sent: Sent[] = [];
  readonly #instances = [0, 1].map((n) =>
    assemble({
      name: 'schedules',
      options: resolveOptions({
        credentials: { appCode: 'code' },
        baseUrl: 'http://127.0.0.1:1',
        pepper: PEPPER,
        random: () => 0.5,
        deadlineMs: DEADLINE_MS,
        attemptTimeoutMs: DEADLINE_MS - 100,
        budget: { callsPerDay: CALLS_PER_DAY },
        subjectLimit: SUBJECT_LIMIT,
        breaker: { failures: 3, openMs: 2_000 },
        latches: { quotaMs: 5_000 },
        limiter: { concurrency: 2, queue: 2 + n },
      }),
      transport: { send: (request, signal) => this.#send(request, signal) },
      ledger: this.#watched(),
      clock: this.clock,
      warn: () => undefined,
    }),
  );
  #serial = 0;
  #longest = 0;
  #latestDay = 0;

  #watched(): Ledger {
    const ledger = this.#ledger;
    return Object.assign(Object.create(ledger) as MemoryLedger, {
      peek: ledger.peek.bind(ledger),
      settle: ledger.settle.bind(ledger),
      release: ledger.release.bind(ledger),
      forget: ledger.forget.bind(ledger),
      latch: ledger.latch.bind(ledger),
      reopen: ledger.reopen.bind(ledger),
      scopes: ledger.scopes.bind(ledger),
      claim: (request: ClaimRequest) => {
        const answer = ledger.claim(request);
        if (answer.verdict === 'granted')
          this.#reservations.set(request.keys[0]!, { day: shanghaiDay(this.clock.now()), forgotten: false });
        return answer;
      },
    });
  }

  #send({ body }: WireRequest, signal: AbortSignal): Promise<WireReply> {
    const form = new URLSearchParams(body);
    const asked = { name: form.get('name')!, idCard: form.get('idcard')!, mobile: form.get('mobile')! };
    return new Promise((resolve, reject) => {
      const end = (reply: WireReply | WireFailure) => (reply instanceof WireFailure ? reject(reply) : resolve(reply));
      const [key = ''] = KEYS.question('schedules', asked);
      const { day, forgotten } = this.#reservations.get(key)!;
      const mark = { at: this.clock.monotonic(), asked };
      // A second attempt does not count if the person was erased in between.
      if (!forgotten) this.#sent.push(mark);
      const call = { asked, day, mark, end };
      this.#calls.push(call);
      // An aborted call may have been billed, so it counts as billed.
      signal.addEventListener('abort', () => {
        if (this.#take(call)) this.#bill(call);
        reject(new WireFailure('aborted', 'sent'));
      });
    });
  }

  #take(call: Call): boolean {
    const at = this.#calls.indexOf(call);
    if (at >= 0) this.#calls.splice(at, 1);
    return at >= 0;
  }

  #bill({ day }: Call): void {
    this.#billed.set(day, (this.#billed.get(day) ?? 0) + 1);
  }

  verify(question: Identity, instance: number, how: { fresh: boolean; insist: boolean; abortable: boolean }): void {
    const caller = new AbortController();
    this.#callers.push(caller);
    const begun = this.clock.monotonic();
    const asked = questionName(question);
    const verifying = this.#instances[instance]!.engine.verify(question, {
      ...(how.fresh && { maxAgeMs: 0 }),
      repeatInDoubt: how.insist,
      ...(how.abortable && { signal: caller.signal }),
    });
    const ended = () => {
      this.#longest = Math.max(this.#longest, this.clock.monotonic() - begun);
    };
    this.#waits.push(
      verifying.then(
        (verification) => {
          ended();
          expect(this.#answerFor.get(verification.seqNo ?? '')).toBe(asked);
        },
        (error: IdentityVerifyError) => {
          ended();
          expect(error.code).toMatch(/^IDV_/);
          if (error.code === 'IDV_ABORTED') expect(caller.signal.aborted).toBe(true);
        },
      ),
    );
  }

  /** Verifies through the guard, which lets only a match through. */
  enter(body: Identity, instance: number, how: { fresh: boolean; insist: boolean }): void {
    const { engine } = this.#instances[instance]!;
    const guard = new EngineGuard(engine, { ...(how.fresh && { maxAgeMs: 0 }), repeatInDoubt: how.insist });
    const context = new ExecutionContextHost([{ body, headers: {} }, {}], Object, () => undefined);
    this.#waits.push(
      Promise.resolve(guard.canActivate(context)).then(
        (isLetIn) => {
          expect(isLetIn).toBe(true);
          const verified = verifiedIdentityOf(context)!;
          expect(verified.outcome).toBe('match');
          expect(this.#answerFor.get(verified.seqNo ?? '')).toBe(questionName(body));
          expect(this.#outcomeOf.get(verified.seqNo ?? '')).toBe('match');
          expect(questionName(verified)).toBe(questionName(body));
        },
        (error: HttpException) => expect(error.getStatus()).toBeGreaterThanOrEqual(400),
      ),
    );
  }

  /** The question that each seqNo answers. */
  readonly #answerFor = new Map<string, string>();
  readonly #outcomeOf = new Map<string, Ending>();

  end(which: number, how: Ending): void {
    const call = this.#calls[which % Math.max(1, this.#calls.length)];
    if (!call || !this.#take(call)) return;
    const { billed, reply } = ENDINGS[how];
    if (how === 'unreached' && this.#sent.includes(call.mark)) this.#sent.splice(this.#sent.indexOf(call.mark), 1);
    if (billed) this.#bill(call);
    this.#serial += 1;
    const seqNo = `SCHEDULE${String(this.#serial).padStart(10, '0')}`;
    this.#answerFor.set(seqNo, questionName(call.asked));
    this.#outcomeOf.set(seqNo, how);
    call.end(reply(this.#serial));
  }

  abort(which: number): void {
    this.#callers[which]?.abort();
  }

  forget(question: Identity): Promise<number> {
    // Calls about an erased person no longer count for that person.
    const known = { idCard: question.idCard };
    for (let i = this.#sent.length - 1; i >= 0; i--)
      if (this.#sent[i]!.asked.idCard === known.idCard) this.#sent.splice(i, 1);
    for (const other of QUESTIONS) {
      const reservation = this.#reservations.get(KEYS.question('schedules', other)[0]!);
      if (reservation && other.idCard === known.idCard) reservation.forgotten = true;
    }
    return this.#instances[0]!.engine.forget(known);
  }

  reopen(instance: number): Promise<boolean> {
    return this.#instances[instance]!.engine.reopen();
  }

  check(): void {
    const { callsToday } = this.#ledger.spent('schedules');
    const today = shanghaiDay(this.clock.now());
    this.#latestDay = Math.max(this.#latestDay, today);
    // After the clock is set back, the calls of a day in the future also count.
    if (today === this.#latestDay) expect(callsToday).toBeLessThanOrEqual(CALLS_PER_DAY);
    expect(this.#billed.get(today) ?? 0).toBeLessThanOrEqual(callsToday);
    for (const billed of this.#billed.values()) expect(billed).toBeLessThanOrEqual(CALLS_PER_DAY);
    for (const [field, limit] of [
      ['idCard', SUBJECT_LIMIT.perIdNumber],
      ['mobile', SUBJECT_LIMIT.perMobile],
    ] as const) {
      const recent = this.#sent.filter(({ at }) => this.clock.monotonic() - at < WINDOW_MS - DEADLINE_MS);
      for (const subject of new Set(recent.map(({ asked }) => asked[field]))) {
        const questions = new Set(
          recent.filter(({ asked }) => asked[field] === subject).map(({ asked }) => questionName(asked)),
        );
        expect(questions.size).toBeLessThanOrEqual(limit);
      }
    }
  }

  async finish(): Promise<void> {
    await this.clock.advance(DEADLINE_MS + 100);
    await Promise.all(this.#waits);
    expect(this.#longest).toBeLessThanOrEqual(DEADLINE_MS);
    // No pending calls: every charged call was sent.
    expect(this.#calls).toHaveLength(0);
    await Promise.all(this.#instances.map(({ engine }) => engine.close(100)));
  }
}

/** The real guard on an engine. */
class EngineGuard extends IdentityVerifyGuard {
  readonly #engine: VerificationEngine;

  constructor(engine: VerificationEngine, verify: VerifyOptions) {
    super(
      { getAllAndOverride: () => ({ verify }) } as unknown as Reflector,
      { get: () => undefined } as unknown as ModuleRef,
    );
    this.#engine = engine;
  }

  protected override serviceOf() {
    return this.#engine;
  }
}

/** One name for all spellings of a question. */
function questionName({ name, idCard, mobile }: Identity): string {
  const plain = (text: string) => text.replace(/[\s\u200b\u202d\u202c-]/g, '').toUpperCase();
  return [plain(name), plain(idCard), plain(mobile).replace(/^\+86/, '')].join(' ');
}

describe('random schedules', () => {
  it('keep bill ≤ charge ≤ budget, the subject limits and the deadlines, and never return the answer to another question', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: STEPS_A_RUN, maxLength: STEPS_A_RUN }), async (actions) => {
        const world = new World();
        for (const step of actions) {
          if (step.do === 'verify') {
            const typed = SPELLINGS[step.spelling]!(QUESTIONS[step.question]!);
            if (step.guarded) world.enter(typed, step.instance, step);
            else world.verify(typed, step.instance, step);
          } else if (step.do === 'end') world.end(step.which, step.how);
          else if (step.do === 'abort') world.abort(step.which);
          else if (step.do === 'forget') await world.forget(QUESTIONS[step.question]!);
          else if (step.do === 'reopen') await world.reopen(step.instance);
          else if (step.do === 'jump') world.clock.jump(step.ms);
          else await world.clock.advance(step.ms);
          await world.clock.advance(0);
          world.check();
        }
        await world.finish();
      }),
      { numRuns: RUNS },
    );
  }, 300_000);
});
