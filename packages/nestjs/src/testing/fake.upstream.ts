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
 * A reply of the fake upstream: an outcome, a code of the vendor, or a failure of the connection. `unreachable`:
 * nothing was sent. `connection_lost` and `timeout`: it may have been paid for. `unreadable`: the reply is not one of
 * the contract.
 */
export type FakeReply =
  Outcome | Exclude<ResponseCode, '10000'> | 'unreachable' | 'connection_lost' | 'timeout' | 'unreadable';

/** The cost that the calls would have had. */
export interface FakeUpstreamCost {
  readonly calls: number;
  /** Calls that were or may have been charged. */
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
 * An upstream for unit tests, without network or timers. It replaces only the transport: checks, ledger and decoding
 * are the real ones.
 */
export class FakeUpstream implements UpstreamTransport {
  #script: FakeReply[] = ['match'];
  #played: Played[] = [];
  #replies = 0;
  #forPeople: { readonly person: Partial<Identity>; readonly reply: FakeReply }[] = [];

  /** Sets the replies to the next calls, in order. The last one repeats. @returns this */
  verifyReturns(...replies: readonly [FakeReply, ...FakeReply[]]): this {
    this.#script = [...replies];
    return this;
  }

  /**
   * Sets the reply to calls about a person, which precedes {@link verifyReturns}. All given fields must be equal.
   * @returns this
   */
  verifyReturnsFor(person: Partial<Identity>, reply: FakeReply): this {
    this.#forPeople.unshift({ person, reply });
    return this;
  }

  /** The identities of all calls, in order. Questions answered by the ledger are not included. */
  get asked(): readonly Identity[] {
    return this.#played.map(({ asked }) => asked);
  }

  /** The cost that the calls would have had at the most expensive package, including unknown charges. */
  get cost(): FakeUpstreamCost {
    const billed = this.#played.filter((played) => played.billed !== 'no').length;
    return { calls: this.#played.length, billed, cny: (billed * DEFAULT_FEN_PER_CALL) / 100 };
  }

  /** @throws {assert.AssertionError} unless exactly `times` calls were made */
  expectCalls(times: number): void {
    assert.equal(this.#played.length, times, `the upstream was asked ${this.#played.length} times, not ${times}`);
  }

  /** @throws {assert.AssertionError} unless a call was made about a person with these fields */
  expectAsked(person: Partial<Identity>): void {
    const asked = this.asked;
    assert.ok(
      asked.some((one) => fits(one, person)),
      `no person with these fields was asked about; ${asked.length} calls were made`,
    );
  }

  /** Removes all scripted replies and recorded calls: every call is a match again. No seqNo or request id is reused. */
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

/** Deterministic, and unique per reply. */
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
