import { checkIdNumber, type DocumentKind } from './id-number.rule.js';
import { checkMobile } from './mobile.rule.js';
import { checkName } from './name.rule.js';
import { REFUSAL_REASONS, REFUSAL_REASONS_ZH, type RefusalReason } from './refusal-reasons.data.js';
import type { FieldViolation } from '../errors/violation.types.js';

export { REFUSAL_REASONS, REFUSAL_REASONS_ZH, type RefusalReason };

/** What is asked about: as it came in, or normalised. */
export interface Identity {
  readonly name: string;
  /** ID number of 18 characters. */
  readonly idCard: string;
  /** Mainland mobile. */
  readonly mobile: string;
}

export type CheckedIdentity =
  | { readonly ok: true; readonly identity: Identity; readonly kind: DocumentKind }
  | { readonly ok: false; readonly violations: readonly FieldViolation<RefusalReason>[] };

export interface IdentityCheckOptions {
  /** @default every kind */
  readonly acceptedDocuments?: readonly DocumentKind[] | undefined;
  /** Today in Asia/Shanghai, `yyyymmdd`. */
  readonly today: number;
}

/** The rules that options set. Each key is required, so that the compiler demands a new rule wherever they are passed on. */
export type IdentityRules = Required<Omit<IdentityCheckOptions, 'today'>>;

/**
 * Normalises and checks the three fields, and names every field that is wrong rather than the first. Costs nothing:
 * what is refused here is never sent. Reads each field once, and takes one that cannot be read for a missing one;
 * never throws.
 */
export function checkIdentity(input: unknown, options: IdentityCheckOptions): CheckedIdentity {
  const idNumber = checkIdNumber(fieldOf(input, 'idCard'), options);
  const mobile = checkMobile(fieldOf(input, 'mobile'));
  const name = checkName(fieldOf(input, 'name'), idNumber.ok ? idNumber.value.kind : undefined);
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

/** Puts a reason and its sentences beside the field. */
export function violation(field: keyof Identity, reason: RefusalReason): FieldViolation<RefusalReason> {
  return { field, reason, message: REFUSAL_REASONS[reason], messageZh: REFUSAL_REASONS_ZH[reason] };
}

// Inherited fields count, as those of a class with accessors are; what stands on Object.prototype is nobody's field.
function fieldOf(input: unknown, field: keyof Identity): unknown {
  if (typeof input !== 'object' || input === null) return undefined;
  try {
    if (field in Object.prototype && !Object.hasOwn(input, field)) return undefined;
    return (input as Partial<Record<keyof Identity, unknown>>)[field];
  } catch {
    return undefined;
  }
}
