import type { Clock } from '../clock.js';
import { identityVerifyError } from '../errors/identity-verify.error.js';
import { dropFirst } from '../ledger/drop-first.js';
import type { Awaitable, CallBudget } from '../ledger/ledger.port.js';
import { brokenCredential, CredentialSource, type Credentials } from './credentials.js';

/** What a tenant has of its own. */
export interface TenantAccount {
  readonly credentials: Credentials;
  /** Its own budget, counted apart from every other one. @default the budget of the instance, counted for it alone */
  readonly budget?: CallBudget;
}

/** Tells a tenant's account; `undefined` for a tenant that does not exist. */
export type TenantResolver = (tenant: string) => Awaitable<TenantAccount | undefined>;

/** An account, ready to be asked with. */
export interface ResolvedAccount {
  readonly credentials: CredentialSource;
  readonly budget: CallBudget | undefined;
}

export interface TenantDirectoryOptions {
  /** Most tenants whose accounts are kept. @default 1_000 */
  readonly max?: number;
  /** How long an account is kept before the function is asked again, in milliseconds. @default 60_000 */
  readonly ttlMs?: number;
}

interface Kept {
  readonly account: Promise<ResolvedAccount>;
  readonly expiresAt: number;
}

const TENANT_PATTERN = /^[\x21-\x7e]{1,128}$/;

/** The accounts of tenants, resolved by the application and kept for a while. */
export class TenantDirectory {
  readonly #resolver: TenantResolver | undefined;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #max: number;
  readonly #ttlMs: number;
  readonly #kept = new Map<string, Kept>();

  constructor(
    resolver: TenantResolver | undefined,
    clock: Pick<Clock, 'now'>,
    { max = 1_000, ttlMs = 60_000 }: TenantDirectoryOptions = {},
  ) {
    this.#resolver = resolver;
    this.#clock = clock;
    this.#max = max;
    this.#ttlMs = ttlMs;
  }

  /** @throws {IdentityVerifyError} IDV_TENANT_UNRESOLVED; what the function threw goes no further */
  resolve(tenant: string): Promise<ResolvedAccount> {
    const now = this.#clock.now();
    const kept = this.#kept.get(tenant);
    if (kept && now < kept.expiresAt) return kept.account;
    const account = this.#ask(tenant);
    this.#kept.delete(tenant);
    this.#kept.set(tenant, { account, expiresAt: now + this.#ttlMs });
    // Whoever asked handles it; what failed is asked anew by the next one.
    account.catch(() => this.#kept.get(tenant)?.account === account && this.#kept.delete(tenant));
    if (this.#kept.size > this.#max) dropFirst(this.#kept);
    return account;
  }

  async #ask(tenant: string): Promise<ResolvedAccount> {
    if (!this.#resolver) throw unresolved('the option `tenants` is not set');
    if (typeof tenant !== 'string' || !TENANT_PATTERN.test(tenant)) throw unresolved('not a tenant');
    let account: TenantAccount | undefined;
    try {
      account = await this.#resolver(tenant);
    } catch {
      throw unresolved('the function failed');
    }
    if (!account) throw unresolved('there is no such tenant');
    if (brokenCredential(account.credentials) !== undefined) throw unresolved('its credentials cannot be used');
    return { credentials: new CredentialSource(account.credentials), budget: account.budget };
  }
}

function unresolved(detail: string) {
  return identityVerifyError('IDV_TENANT_UNRESOLVED', { detail });
}
