import { randomUUID } from 'node:crypto';
import type { Identity } from '../identity/identity.check.js';
import type { LedgerKeys } from './ledger.keys.js';
import type { CallBudget, ClaimRequest, SubjectLimit } from './ledger.port.js';

/** What every claim of an instance has in common. */
export interface ClaimTerms {
  readonly scope: string;
  readonly leaseMs: number;
  readonly doubtMs: number;
  readonly budget: CallBudget;
  readonly subjectLimit: SubjectLimit | undefined;
}

/**
 * The claim of one question. The keys of the two subjects and the owner are made when they are first read: a question
 * that the ledger has an answer for needs none of them, and each key costs as much as all the rest of a hit.
 */
export class QuestionClaim implements ClaimRequest {
  #idKey: string | undefined;
  #mobileKey: string | undefined;
  #owner: string | undefined;

  // Private at run time as well: a ledger that prints its request must not print a person.
  readonly #terms: ClaimTerms;
  readonly #ledgerKeys: LedgerKeys;
  readonly #identity: Identity;

  constructor(
    terms: ClaimTerms,
    ledgerKeys: LedgerKeys,
    identity: Identity,
    readonly keys: readonly string[],
    readonly maxAgeMs: number | undefined,
    readonly repeatInDoubt: boolean,
  ) {
    this.#terms = terms;
    this.#ledgerKeys = ledgerKeys;
    this.#identity = identity;
  }

  get scope(): string {
    return this.#terms.scope;
  }

  get idKey(): string {
    return (this.#idKey ??= this.#ledgerKeys.idNumber(this.scope, this.#identity.idCard)[0] ?? '');
  }

  get mobileKey(): string {
    return (this.#mobileKey ??= this.#ledgerKeys.mobile(this.scope, this.#identity.mobile)[0] ?? '');
  }

  get owner(): string {
    return (this.#owner ??= randomUUID());
  }

  get leaseMs(): number {
    return this.#terms.leaseMs;
  }

  get doubtMs(): number {
    return this.#terms.doubtMs;
  }

  get budget(): CallBudget {
    return this.#terms.budget;
  }

  get subjectLimit(): SubjectLimit | undefined {
    return this.#terms.subjectLimit;
  }
}
