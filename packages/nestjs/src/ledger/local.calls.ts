import type { ForgetRequest } from './ledger.port.js';
import { NOBODY, uncountedKey, type LocalCall } from './local.call.js';
import type { SpendingShare } from './spending.share.js';

/** The calls of which the store has yet to be told, by owner. What they cost counts against the share of this process. */
export class LocalCalls {
  readonly #spending: SpendingShare;
  readonly #calls = new Map<string, LocalCall>();
  /** The number of calls of each question that the store does not know of. */
  readonly #unknownToStore = new Map<string, number>();

  constructor(spending: SpendingShare) {
    this.#spending = spending;
  }

  get(owner: string): LocalCall | undefined {
    return this.#calls.get(owner);
  }

  add(call: LocalCall): LocalCall {
    this.#calls.set(call.request.owner, call);
    this.#known(call, 1);
    return call;
  }

  /** Whether this process has asked the question without the store, which has not been told yet. */
  hasAsked(keys: readonly string[]): boolean {
    return keys.some((key) => this.#unknownToStore.has(key));
  }

  /** The store knows all that there is to know of it. */
  finish(owner: string, call: LocalCall): void {
    if (this.#calls.get(owner) !== call) return;
    this.uncharge(call);
    this.#drop(owner, call);
  }

  /** Nothing of it will be written. Its reservation stays: it counts against the share of this process. */
  giveUp(owner: string): void {
    const call = this.#calls.get(owner);
    if (call) this.#drop(owner, call);
  }

  /** It was not paid for, or the store counts it. */
  uncharge(call: LocalCall): void {
    if (call.reservation) this.#spending.refund(call.scope, call.reservation);
    call.reservation = undefined;
  }

  /** Removes what names the question and the person. */
  reduce(call: LocalCall): void {
    this.#known(call, -1);
    call.isReduced = true;
    call.request = { ...call.request, ...NOBODY, keys: [uncountedKey(call.request.owner)] };
  }

  /** Reduces every call about a person. */
  forget({ scope, keys, idKeys, mobileKeys }: ForgetRequest): void {
    const named = new Set([...keys, ...idKeys, ...mobileKeys]);
    for (const call of this.#calls.values()) {
      const { request } = call;
      if (request.scope !== scope) continue;
      if ([...request.keys, ...request.idKeys, ...request.mobileKeys].some((key) => named.has(key))) this.reduce(call);
    }
  }

  #drop(owner: string, call: LocalCall): void {
    this.#known(call, -1);
    this.#calls.delete(owner);
  }

  /** A call that is reduced names no question, so nothing changes with it. */
  #known({ request }: LocalCall, by: 1 | -1): void {
    for (const key of request.keys) {
      const count = (this.#unknownToStore.get(key) ?? 0) + by;
      if (count > 0) this.#unknownToStore.set(key, count);
      else this.#unknownToStore.delete(key);
    }
  }
}
