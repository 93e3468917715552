import { isLabelledNumber } from './field-label.rule.js';
import {
  hasForeignDigit,
  hasHiddenCharacterInNumber,
  isPaddedInvisibly,
  MAX_INPUT_LENGTH,
  NUMBER_SEPARATORS,
  toHalfWidth,
  withoutIgnored,
} from './pasted-text.rule.js';
import type { MobileReason } from './refusal-reasons.data.js';
import type { RuleResult } from '../errors/violation.types.js';

const MAINLAND = /^1[3-9]\d{9}$/;
const PLAIN = /^\d{11}$/;

const PLUS_SIGNS = /[\u207a\u2795\ufe62]/g;

const BRACKETS = [
  '\\(\\)',
  '\\[\\]',
  '\\{\\}',
  '【】',
  '〔〕',
  '〖〗',
  '「」',
  '\u3008\u3009',
  '\ufe59\ufe5a',
  '\ufe5d\ufe5e',
];
const COUNTRY_CODE = new RegExp(`^(?:${['(?:\\+|00)?86', ...BRACKETS.flatMap(inBrackets)].join('|')})(?=1\\d{10}$)`);

/**
 * Strips white space, dashes, format characters and variation selectors, turns full-width characters into ASCII, and
 * takes the country code off: `86`, `+86` or `0086`, also in brackets. Changes nothing else.
 */
export function normaliseMobile(input: string): string {
  if (PLAIN.test(input)) return input;
  const text = withoutIgnored(input);
  if (text === undefined) return input;
  return toHalfWidth(text).replace(PLUS_SIGNS, '+').replace(NUMBER_SEPARATORS, '').replace(COUNTRY_CODE, '');
}

/**
 * Checks a mainland mobile by its form alone. Carrier prefixes are not consulted: numbers are ported between carriers,
 * and prefix tables go stale.
 */
export function checkMobile(input: unknown): RuleResult<string, MobileReason> {
  if (input === undefined || input === null) return refuse('mobile_required');
  if (typeof input !== 'string') return refuse('mobile_type');
  if (input.length > MAX_INPUT_LENGTH) {
    return refuse(isPaddedInvisibly(input) ? 'mobile_invisible_character' : 'mobile_format');
  }
  const mobile = normaliseMobile(input);
  if (MAINLAND.test(mobile)) return { ok: true, value: mobile };
  if (mobile === '') return refuse('mobile_required');
  if (isLabelledNumber(input)) return refuse('mobile_label');
  if (hasHiddenCharacterInNumber(mobile)) return refuse('mobile_invisible_character');
  return refuse(hasForeignDigit(mobile) ? 'mobile_digits' : 'mobile_format');
}

/** `(+86)` and `+(86)`, in one kind of brackets. */
function inBrackets(pair: string): string[] {
  const [open, close] = [pair.slice(0, pair.length / 2), pair.slice(pair.length / 2)];
  return [`${open}(?:\\+|00)?86${close}`, `(?:\\+|00)${open}86${close}`];
}

function refuse(reason: MobileReason): { ok: false; reason: MobileReason } {
  return { ok: false, reason };
}
