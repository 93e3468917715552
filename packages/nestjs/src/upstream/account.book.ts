import type { CallBudget } from '../ledger/ledger.port.js';
import type { ClaimTerms } from '../ledger/question.claim.js';
import { CredentialSource, type Credentials } from './credentials.js';
import type { TenantDirectory } from './tenant.directory.js';

/** Whose account a question is asked with, and on which terms its claims are made. */
export interface Account {
  readonly terms: ClaimTerms;
  readonly credentials: CredentialSource;
  readonly tenant: string | undefined;
}

/** What an instance has of its own, for questions without a tenant. */
export interface AccountBookParts {
  /** Name of the instance: the scope of its own budget and latches, and the beginning of its tenants'. */
  readonly scope: string;
  readonly credentials: Credentials;
  readonly budget: CallBudget | undefined;
  readonly terms: Omit<ClaimTerms, 'scope' | 'budget'>;
  readonly tenants: TenantDirectory;
}

/** The accounts of an instance: its own, and its tenants'. */
export class AccountBook {
  /** For questions without a tenant. */
  readonly own: Account;
  readonly #parts: AccountBookParts;

  constructor(parts: AccountBookParts) {
    this.#parts = parts;
    this.own = {
      terms: { ...parts.terms, scope: parts.scope, budget: parts.budget ?? {} },
      credentials: new CredentialSource(parts.credentials),
      tenant: undefined,
    };
  }

  /** @throws {IdentityVerifyError} IDV_TENANT_UNRESOLVED */
  async ofTenant(tenant: string): Promise<Account> {
    const { credentials, budget = this.#parts.budget ?? {} } = await this.#parts.tenants.resolve(tenant);
    return { terms: { ...this.#parts.terms, scope: this.scopeOf(tenant), budget }, credentials, tenant };
  }

  /** The scope of a tenant, which no other instance or tenant shares. */
  scopeOf(tenant: string | undefined): string {
    return tenant === undefined ? this.#parts.scope : `${this.#parts.scope}/${tenant}`;
  }
}
