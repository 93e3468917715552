import type { CallBudget } from '../ledger/ledger.port.js';
import type { ClaimTerms } from '../ledger/question.claim.js';
import { CredentialSource, type Credentials } from './credentials.js';
import { assertTenant, type TenantDirectory } from './tenant.directory.js';

/** Whose account a question is asked with, and on which terms its claims are made. */
export interface Account {
  readonly terms: ClaimTerms;
  readonly credentials: CredentialSource;
  readonly tenant: string | undefined;
}

/** What an instance has of its own, for questions without a tenant. */
export interface AccountBookParts {
  /** Name of the instance. */
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
      terms: { ...parts.terms, scope: encodeURIComponent(parts.scope), budget: parts.budget ?? {} },
      credentials: new CredentialSource(parts.credentials),
      tenant: undefined,
    };
  }

  /**
   * @param timeoutMs longest that the application's function may take
   * @throws {IdentityVerifyError} IDV_TENANT_UNRESOLVED
   */
  async ofTenant(tenant: string, timeoutMs: number): Promise<Account> {
    const { credentials, budget = this.#parts.budget ?? {} } = await this.#parts.tenants.resolve(tenant, timeoutMs);
    return { terms: { ...this.#parts.terms, scope: this.scopeOf(tenant), budget }, credentials, tenant };
  }

  /**
   * The scope of a tenant, which no other instance or tenant shares: both names are encoded, so that the slash between
   * them is the only one.
   *
   * @throws {IdentityVerifyError} IDV_TENANT_UNRESOLVED for what cannot be the name of a tenant
   */
  scopeOf(tenant: string | undefined): string {
    const { scope } = this.own.terms;
    if (tenant === undefined) return scope;
    assertTenant(tenant);
    return `${scope}/${encodeURIComponent(tenant)}`;
  }

  /** Whether a scope is that of this instance or of one of its tenants. */
  isOwnScope(scope: string): boolean {
    const { scope: own } = this.own.terms;
    return scope === own || scope.startsWith(`${own}/`);
  }
}
