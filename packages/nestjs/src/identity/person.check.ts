import { IdentityInputError } from '../errors/identity-verify.error.js';
import { checkIdNumber } from './id-number.rule.js';
import { checkIdentity, violation, type Identity, type RefusalReason } from './identity.check.js';
import { checkMobile } from './mobile.rule.js';
import type { FieldViolation } from '../errors/violation.types.js';

/** A person as an erasure request names one: by ID number, by mobile, by both, or by all three fields. */
export interface Person {
  readonly name?: string | undefined;
  readonly idCard?: string | undefined;
  readonly mobile?: string | undefined;
}

/** The normalised fields of a person that are known. */
export interface CheckedPerson {
  readonly idCard?: string;
  readonly mobile?: string;
  /** Where all three fields are known. */
  readonly identity?: Identity;
}

/**
 * Normalises and checks the fields that are given. A name alone names nobody.
 *
 * @param today in Asia/Shanghai, `yyyymmdd`
 * @throws {IdentityInputError} IDV_INPUT_INVALID
 */
export function checkPerson(person: Person, today: number): CheckedPerson {
  const { name, idCard, mobile } = typeof person === 'object' && person !== null ? person : ({} as Person);
  if (name !== undefined && idCard !== undefined && mobile !== undefined) {
    const checked = checkIdentity({ name, idCard, mobile }, { today });
    if (!checked.ok) throw new IdentityInputError('IDV_INPUT_INVALID', checked.violations);
    const { identity } = checked;
    return { idCard: identity.idCard, mobile: identity.mobile, identity };
  }
  const violations: FieldViolation<RefusalReason>[] = [];
  const idNumber = idCard === undefined && mobile !== undefined ? undefined : checkIdNumber(idCard, { today });
  if (idNumber && !idNumber.ok) violations.push(violation('idCard', idNumber.reason));
  const phone = mobile === undefined ? undefined : checkMobile(mobile);
  if (phone && !phone.ok) violations.push(violation('mobile', phone.reason));
  if (violations.length > 0) throw new IdentityInputError('IDV_INPUT_INVALID', violations);
  return {
    ...(idNumber?.ok && { idCard: idNumber.value.idCard }),
    ...(phone?.ok && { mobile: phone.value }),
  };
}
