/** The three fields of an identity, as this module's API names them. */
export type IdentityField = 'name' | 'idCard' | 'mobile';

/** The reason for which a field was refused. Contains no value. */
export interface FieldViolation<R extends string = string> {
  readonly field: IdentityField;
  readonly reason: R;
  /** An English sentence for the end user. */
  readonly message: string;
  /** The same sentence in Chinese. */
  readonly messageZh: string;
}

/** The result of a rule: the normalised value, or the reason for the refusal. */
export type RuleResult<T, R extends string> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: R };
