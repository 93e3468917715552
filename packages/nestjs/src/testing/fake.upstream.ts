import {
  DEFAULT_FEN_PER_CALL,
  NO_STATE,
  RESPONSE_CODES,
  STATES,
  type Billed,
  type Outcome,
  type ResponseCode,
} from '@identity-verify/contract';
import * as assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Identity } from '../identity/identity.check.js';
import { WireFailure, type UpstreamTransport, type WireReply, type WireRequest } from '../upstream/transport.port.js';

/**
 * What the fake upstream says: an outcome, one of the vendor's codes, or how the wire fails (`unreachable`: nothing was
 * sent; `connection_lost` and `timeout`: it may have been paid for; `unreadable`: a reply that is none).
 */
export type FakeReply =
  Outcome | Exclude<ResponseCode, '10000'> | 'unreachable' | 'connection_lost' | 'timeout' | 'unreadable';

/** What the calls would have cost. */
export interface FakeUpstreamCost {
  readonly calls: number;
  /** Calls that were, or may have been, charged. */
  readonly billed: number;
  readonly cny: number;
}

interface Played {
  readonly reply: FakeReply;
  readonly asked: Identity;
  readonly billed: Billed;
}

const STATE_OF_OUTCOME: Partial<Record<FakeReply, string>> = Object.fromEntries(
  STATES.map(({ outcome, state }) => [outcome, state]),
);
const WIRE_FAULTS: Partial<Record<FakeReply, () => WireFailure>> = {
  unreachable: () => new WireFailure('connect', 'unsent', 'ECONNREFUSED'),
  connection_lost: () => new WireFailure('connection_lost', 'sent', 'ECONNRESET'),
  timeout: () => new WireFailure('aborted', 'sent'),
};

/**
 * An upstream for unit tests: no network, no timers. It takes the place of the transport, so everything else (the
 * checks, the ledger, the decoding) is the real thing, and a test sees what an application would.
 */
export class FakeUpstream implements UpstreamTransport {
  #script: FakeReply[] = ['match'];
  #played: Played[] = [];
  #replies = 0;
  #forPeople: { readonly person: Partial<Identity>; readonly reply: FakeReply }[] = [];

  /** What the next calls are answered with, one after the other; the last one stays. @returns this */
  verifyReturns(...replies: readonly [FakeReply, ...FakeReply[]]): this {
    this.#script = [...replies];
    return this;
  }

  /** What calls about a person are answered with, whatever the script says; all given fields must fit. @returns this */
  verifyReturnsFor(person: Partial<Identity>, reply: FakeReply): this {
    this.#forPeople.unshift({ person, reply });
    return this;
  }

  /** Everybody who was asked about, in order. A question that the ledger answered is not among them. */
  get asked(): readonly Identity[] {
    return this.#played.map(({ asked }) => asked);
  }

  /** What the calls would have cost at the dearest package; unknown charges included. */
  get cost(): FakeUpstreamCost {
    const billed = this.#played.filter((played) => played.billed !== 'no').length;
    return { calls: this.#played.length, billed, cny: (billed * DEFAULT_FEN_PER_CALL) / 100 };
  }

  /** @throws {assert.AssertionError} unless exactly so many calls were made */
  expectCalls(times: number): void {
    assert.equal(this.#played.length, times, `the upstream was asked ${this.#played.length} times, not ${times}`);
  }

  /** @throws {assert.AssertionError} unless somebody with these fields was asked about */
  expectAsked(person: Partial<Identity>): void {
    const asked = this.asked;
    assert.ok(
      asked.some((one) => fits(one, person)),
      `nobody with these fields was asked about; there were ${asked.length} calls`,
    );
  }

  /** Back to answering every call with a match, and to having been asked nothing. No seqNo or request id comes again. */
  reset(): void {
    this.#script = ['match'];
    this.#played = [];
    this.#forPeople = [];
  }

  async send({ body }: WireRequest): Promise<WireReply> {
    const form = new URLSearchParams(body);
    const asked = { name: form.get('name') ?? '', idCard: form.get('idcard') ?? '', mobile: form.get('mobile') ?? '' };
    const reply = this.#forPeople.find(({ person }) => fits(asked, person))?.reply ?? this.#next();
    this.#played.push({ reply, asked, billed: billedOf(reply) });
    const failure = WIRE_FAULTS[reply]?.();
    if (failure) throw failure;
    this.#replies++;
    return {
      status: 200,
      headers: { 'content-type': 'application/json', 'x-ca-request-id': fakeUuid(this.#replies) },
      body: Buffer.from(this.#bodyOf(reply)),
    };
  }

  #next(): FakeReply {
    return (this.#script.length > 1 ? this.#script.shift() : this.#script[0]) ?? 'match';
  }

  #bodyOf(reply: FakeReply): string {
    if (reply === 'unreadable') return '<html></html>';
    const seqNo = `FAKE${String(this.#replies).padStart(14, '0')}`;
    const code = reply === 'no_record' ? '10001' : (RESPONSE_CODES.find((row) => row.code === reply)?.code ?? '10000');
    const { message } = RESPONSE_CODES.find((row) => row.code === code)!;
    const state = STATE_OF_OUTCOME[reply];
    return JSON.stringify({ code, message, data: state === undefined ? null : { state }, seqNo });
  }
}

/** The same in every run, and different for every reply. */
function fakeUuid(nth: number): string {
  const hex = createHash('sha256').update(`request ${nth}`).digest('hex').toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `A${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

function billedOf(reply: FakeReply): Billed {
  if (reply === 'unreachable') return 'no';
  const state = STATES.find(({ outcome }) => outcome === reply);
  const row = RESPONSE_CODES.find(({ code }) => code === (reply === 'no_record' ? '10001' : reply));
  return state?.billed ?? (row && 'billed' in row ? row.billed : NO_STATE.billed);
}

function fits(one: Identity, person: Partial<Identity>): boolean {
  return (Object.keys(person) as (keyof Identity)[]).every((field) => one[field] === person[field]);
}
