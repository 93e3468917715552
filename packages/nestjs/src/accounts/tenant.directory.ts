import type { Clock } from '../support/clock.js';
import type { Complete } from '../support/complete.types.js';
import { identityVerifyError } from '../errors/identity-verify.error.js';
import { dropFirst } from '../support/drop-first.js';
import type { CallBudget } from '../ledger/ledger.port.js';
import { readCredentials, readLimits } from './account.rules.js';
import { readOnce, refuseUnknown, type Refuse } from '../support/value.reader.js';
import { CredentialSource, type Credentials } from './credentials.js';

/** The account of a tenant. It is checked by the rules of the options, and copied. */
export interface TenantAccount {
  readonly credentials: Credentials;
  /**
   * Its own budget, counted apart from every other one.
   *
   * @default the limits of the instance, counted for this tenant alone; also when no limit is set in it
   */
  readonly budget?: CallBudget | undefined;
}

/** Finds the account of a tenant; `undefined` for a tenant that does not exist. */
export type TenantResolver = (tenant: string) => TenantAccount | undefined | PromiseLike<TenantAccount | undefined>;

/** An account, ready to be asked with. */
export interface ResolvedAccount {
  readonly credentials: CredentialSource;
  readonly budget: CallBudget | undefined;
}

export interface TenantDirectoryOptions {
  /** Most tenants whose accounts are kept. @default 1_000 */
  readonly max?: number | undefined;
  /** How long an account is kept before the function is asked again, in milliseconds. @default 60_000 */
  readonly ttlMs?: number | undefined;
}

interface Kept {
  readonly account: Promise<ResolvedAccount>;
  /** Never while the function has not answered. */
  expiresAt: number;
}

const TENANT_PATTERN = /^[\x21-\x7e]{1,128}$/;
const ACCOUNT_PARTS = ['credentials', 'budget'];

/** The accounts of tenants, resolved by the application and kept for a while. */
export class TenantDirectory {
  readonly #resolver: TenantResolver | undefined;
  readonly #clock: Pick<Clock, 'monotonic' | 'schedule'>;
  readonly #max: number;
  readonly #ttlMs: number;
  readonly #kept = new Map<string, Kept>();

  constructor(
    resolver: TenantResolver | undefined,
    clock: Pick<Clock, 'monotonic' | 'schedule'>,
    { max, ttlMs }: Complete<TenantDirectoryOptions>,
  ) {
    this.#resolver = resolver;
    this.#clock = clock;
    this.#max = max;
    this.#ttlMs = ttlMs;
  }

  /**
   * The account of a tenant. Callers share the answer of the application's function, and one that is under way.
   *
   * @param timeoutMs longest that this caller waits; the next one then asks the function anew
   * @throws {IdentityVerifyError} IDV_TENANT_UNRESOLVED; what the function threw goes no further
   */
  async resolve(tenant: string, timeoutMs: number): Promise<ResolvedAccount> {
    assertTenant(tenant);
    let kept = this.#kept.get(tenant);
    if (!kept || this.#now() >= kept.expiresAt) kept = this.#ask(tenant);
    return kept.expiresAt === Infinity ? this.#answerOf(tenant, kept, timeoutMs) : kept.account;
  }

  #ask(tenant: string): Kept {
    const kept: Kept = { account: this.#accountOf(tenant), expiresAt: Infinity };
    this.#kept.delete(tenant);
    this.#kept.set(tenant, kept);
    if (this.#kept.size > this.#max) dropFirst(this.#kept);
    kept.account.then(
      () => (kept.expiresAt = this.#now() + this.#ttlMs),
      () => this.#forget(tenant, kept),
    );
    return kept;
  }

  #answerOf(tenant: string, kept: Kept, timeoutMs: number): Promise<ResolvedAccount> {
    return new Promise((resolve, reject) => {
      const cancelTimer = this.#clock.schedule(() => {
        this.#forget(tenant, kept);
        reject(unresolved(`no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      kept.account.then(resolve, reject).finally(cancelTimer);
    });
  }

  async #accountOf(tenant: string): Promise<ResolvedAccount> {
    const resolver = this.#resolver;
    if (!resolver) throw unresolved('the option `tenants` is not set');
    let account: unknown;
    try {
      account = await resolver(tenant);
    } catch {
      throw unresolved('the function failed');
    }
    if (account === undefined || account === null) throw unresolved('there is no such tenant');
    return checked(account);
  }

  #forget(tenant: string, kept: Kept): void {
    if (this.#kept.get(tenant) === kept) this.#kept.delete(tenant);
  }

  #now(): number {
    return this.#clock.monotonic();
  }
}

/** @throws {IdentityVerifyError} IDV_TENANT_UNRESOLVED for what cannot be the name of a tenant */
export function assertTenant(tenant: unknown): asserts tenant is string {
  if (!isTenant(tenant))
    throw unresolved('a tenant is named by 1 to 128 printable ASCII characters without white space');
}

/** Whether a value can be the name of a tenant. */
export function isTenant(tenant: unknown): tenant is string {
  return typeof tenant === 'string' && TENANT_PATTERN.test(tenant);
}

function checked(account: unknown): ResolvedAccount {
  const given = readOnce('', account, ACCOUNT_PARTS, refuse);
  refuseUnknown('', given, ACCOUNT_PARTS, refuse);
  const { credentials, budget } = given;
  const limits = budget === undefined ? {} : readLimits('budget', budget, refuse);
  return {
    credentials: new CredentialSource(readCredentials('credentials', credentials, refuse)),
    budget: Object.keys(limits).length > 0 ? limits : undefined,
  };
}

const refuse: Refuse = (path, rule) => unresolved(`${path === '' ? 'the account' : path} ${rule}`);

function unresolved(detail: string) {
  return identityVerifyError('IDV_TENANT_UNRESOLVED', { detail });
}
