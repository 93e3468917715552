/** The three fields of an identity, by the names of this module's API. */
export type IdentityField = 'name' | 'idCard' | 'mobile';

/** Why a field was refused. Holds no value. */
export interface FieldViolation<R extends string = string> {
  readonly field: IdentityField;
  readonly reason: R;
  /** A sentence for a person, in English. */
  readonly message: string;
  /** The same in Chinese. */
  readonly messageZh: string;
}

/** What a rule answers. */
export type RuleResult<T, R extends string> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: R };
