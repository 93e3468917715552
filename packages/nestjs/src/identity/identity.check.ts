import { checkIdNumber, ID_NUMBER_REASONS, type DocumentKind, type IdNumberReason } from './id-number.rule.js';
import { checkMobile, MOBILE_REASONS, type MobileReason } from './mobile.rule.js';
import { checkName, NAME_REASONS, type NameReason } from './name.rule.js';
import type { FieldViolation } from './violation.types.js';

/** What is asked about: as it came in, or normalised. */
export interface Identity {
  readonly name: string;
  /** ID number of 18 characters. */
  readonly idCard: string;
  /** Mainland mobile. */
  readonly mobile: string;
}

/** Every reason for which an identity can be refused before anything is sent. */
export type RefusalReason = NameReason | IdNumberReason | MobileReason;

/** The sentence for a person that belongs to each reason. */
export const REFUSAL_REASONS = {
  ...NAME_REASONS,
  ...ID_NUMBER_REASONS,
  ...MOBILE_REASONS,
} as const satisfies Record<RefusalReason, string>;

export type CheckedIdentity =
  | { readonly ok: true; readonly identity: Identity; readonly kind: DocumentKind }
  | { readonly ok: false; readonly violations: readonly FieldViolation<RefusalReason>[] };

export interface IdentityCheckOptions {
  /** @default every kind */
  readonly acceptedDocuments?: readonly DocumentKind[];
  /** Today in Asia/Shanghai, `yyyymmdd`. */
  readonly today: number;
}

/**
 * Normalises and checks the three fields, and names every field that is wrong rather than the first. Costs nothing:
 * what is refused here is never sent.
 */
export function checkIdentity(input: unknown, options: IdentityCheckOptions): CheckedIdentity {
  const fields: Partial<Record<keyof Identity, unknown>> = typeof input === 'object' && input !== null ? input : {};
  const idNumber = checkIdNumber(fields.idCard, options);
  const mobile = checkMobile(fields.mobile);
  const name = checkName(fields.name, idNumber.ok ? idNumber.value.kind : undefined);
  if (name.ok && idNumber.ok && mobile.ok) {
    const { idCard, kind } = idNumber.value;
    return { ok: true, identity: { name: name.value, idCard, mobile: mobile.value }, kind };
  }
  const violations: FieldViolation<RefusalReason>[] = [];
  if (!name.ok) violations.push(violation('name', name.reason));
  if (!idNumber.ok) violations.push(violation('idCard', idNumber.reason));
  if (!mobile.ok) violations.push(violation('mobile', mobile.reason));
  return { ok: false, violations };
}

/** Puts a reason and its sentence beside the field. */
export function violation(field: keyof Identity, reason: RefusalReason): FieldViolation<RefusalReason> {
  return { field, reason, message: REFUSAL_REASONS[reason] };
}
