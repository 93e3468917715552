import { toHalfWidth } from './id-number.rule.js';
import type { RuleResult } from './violation.types.js';

/** Reasons for refusing a mobile, with a sentence for a person. */
export const MOBILE_REASONS = {
  mobile_required: 'The mobile number is missing.',
  mobile_format: 'A mainland mobile number has 11 digits and begins with 13 to 19.',
  mobile_reserved: 'This number is reserved for tests and is not sent to a real upstream.',
} as const;

export type MobileReason = keyof typeof MOBILE_REASONS;

const MAINLAND = /^1[3-9]\d{9}$/;
const PLAIN = /^\d{11}$/;

/** Removes white space, hyphens, full-width forms and the country code 86 in its three spellings. */
export function normaliseMobile(input: string): string {
  if (PLAIN.test(input)) return input;
  return toHalfWidth(input)
    .replace(/[\s\-‐‑–]+/g, '')
    .replace(/^(?:\+|00)?86(?=1\d{10}$)/, '');
}

/**
 * Checks a mainland mobile by its form alone. Carrier prefixes are not consulted: numbers are ported between carriers,
 * and prefix tables go stale.
 */
export function checkMobile(input: unknown): RuleResult<string, MobileReason> {
  if (input === undefined || input === null || input === '') return { ok: false, reason: 'mobile_required' };
  if (typeof input !== 'string' || input.length > 64) return { ok: false, reason: 'mobile_format' };
  const mobile = normaliseMobile(input);
  return MAINLAND.test(mobile) ? { ok: true, value: mobile } : { ok: false, reason: 'mobile_format' };
}
