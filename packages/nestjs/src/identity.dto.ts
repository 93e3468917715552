import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';
import { shanghaiDate } from './clock.js';
import { checkIdNumber, ID_NUMBER_REASONS, type DocumentKind } from './identity/id-number.rule.js';
import { checkMobile, MOBILE_REASONS } from './identity/mobile.rule.js';
import { checkName, NAME_REASONS } from './identity/name.rule.js';
import type { RuleResult } from './identity/violation.types.js';

type Check<R extends string> = (value: unknown) => RuleResult<unknown, R>;

function byRule<R extends string>(
  name: string,
  check: Check<R>,
  reasons: Record<R, string>,
  options?: ValidationOptions,
): PropertyDecorator {
  return ValidateBy(
    {
      name,
      validator: {
        validate: (value: unknown) => check(value).ok,
        defaultMessage: buildMessage((each, args) => {
          const result = check(args?.value);
          return each + (result.ok ? '' : reasons[result.reason]);
        }, options),
      },
    },
    options,
  );
}

/**
 * An ID number of 18 characters with a possible date of birth and a check character that fits.
 *
 * @param kinds the documents that are accepted; default: every kind
 */
export function IsResidentIdNumber(kinds?: readonly DocumentKind[], options?: ValidationOptions): PropertyDecorator {
  const check = (value: unknown) =>
    checkIdNumber(value, { today: shanghaiDate(Date.now()), ...(kinds && { acceptedDocuments: kinds }) });
  return byRule('isResidentIdNumber', check, ID_NUMBER_REASONS, options);
}

/** A mainland mobile, with or without +86, spaces and hyphens. */
export function IsMainlandMobile(options?: ValidationOptions): PropertyDecorator {
  return byRule('isMainlandMobile', checkMobile, MOBILE_REASONS, options);
}

/** A name of 2 to 50 Han ideographs with middle dots, or in Latin letters. */
export function IsPersonName(options?: ValidationOptions): PropertyDecorator {
  return byRule('isPersonName', (value) => checkName(value), NAME_REASONS, options);
}

/** A request body with the three fields, checked by the same rules as the service. */
export class IdentityDto {
  @IsPersonName()
  name!: string;

  @IsResidentIdNumber()
  idCard!: string;

  @IsMainlandMobile()
  mobile!: string;
}
