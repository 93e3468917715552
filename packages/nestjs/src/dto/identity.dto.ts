import { buildMessage, ValidateBy, type ValidationArguments, type ValidationOptions } from 'class-validator';
import { shanghaiDate } from '../support/clock.js';
import { checkIdNumber, type DocumentKind } from '../identity/id-number.rule.js';
import { checkMobile } from '../identity/mobile.rule.js';
import { checkName } from '../identity/name.rule.js';
import { REFUSAL_REASONS, type RefusalReason } from '../identity/refusal-reasons.data.js';
import type { RuleResult } from '../errors/violation.types.js';

/** @param siblings the object that contains the field */
type Check = (value: unknown, siblings: object | undefined) => RuleResult<unknown, RefusalReason>;

function byRule(name: string, check: Check, options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name,
      validator: {
        validate: (value: unknown, args?: ValidationArguments) => check(value, args?.object).ok,
        defaultMessage: buildMessage((each, args) => {
          const refused = valuesOf(args?.value, options)
            .map((value) => check(value, args?.object))
            .find(({ ok }) => !ok);
          return each + (refused?.ok === false ? REFUSAL_REASONS[refused.reason] : '');
        }, options),
      },
    },
    options,
  );
}

/** The values to check: with `each`, the message covers the whole collection. */
function valuesOf(value: unknown, options?: ValidationOptions): unknown[] {
  if (options?.each !== true) return [value];
  if (value instanceof Map) return [...value.values()];
  return Array.isArray(value) || value instanceof Set ? [...value] : [value];
}

/**
 * Validates an ID number of 18 characters, with a possible date of birth and a correct check character.
 *
 * @param kinds documents to accept; default: every kind
 */
export function IsResidentIdNumber(kinds?: readonly DocumentKind[], options?: ValidationOptions): PropertyDecorator {
  return byRule('isResidentIdNumber', (value) => idNumber(value, kinds), options);
}

/** Validates a mainland mobile, with or without +86, spaces and hyphens. */
export function IsMainlandMobile(options?: ValidationOptions): PropertyDecorator {
  return byRule('isMainlandMobile', checkMobile, options);
}

/**
 * Validates a name of 2 to 50 Chinese characters with middle dots, or a name in Latin letters. If the object has a
 * valid ID number as `idCard`, Latin letters are accepted only on a foreigner's permit.
 */
export function IsPersonName(options?: ValidationOptions): PropertyDecorator {
  return byRule('isPersonName', (value, siblings) => checkName(value, kindBeside(siblings)), options);
}

function idNumber(value: unknown, kinds?: readonly DocumentKind[]): ReturnType<typeof checkIdNumber> {
  return checkIdNumber(value, { today: shanghaiDate(Date.now()), ...(kinds && { acceptedDocuments: kinds }) });
}

function kindBeside(siblings: object | undefined): DocumentKind | undefined {
  const checked = idNumber(siblings && 'idCard' in siblings ? siblings.idCard : undefined);
  return checked.ok ? checked.value.kind : undefined;
}

/** A request body with the three fields, validated by the rules of the service. */
export class IdentityDto {
  @IsPersonName()
  name!: string;

  @IsResidentIdNumber()
  idCard!: string;

  @IsMainlandMobile()
  mobile!: string;
}
