import { DEFAULT_FEN_PER_CALL, ENDPOINT } from '@identity-verify/contract';
import type { Lifetimes, LatchTimes } from './options.types.js';

/** Every default in one place. */
export const DEFAULTS = {
  baseUrl: `https://${ENDPOINT.host}`,
  deadlineMs: 12_000,
  attemptTimeoutMs: 10_000,
  ledgerTimeoutMs: 50,
  fenPerCall: DEFAULT_FEN_PER_CALL,
  subjectLimit: { perIdNumber: 5, perMobile: 5, windowMs: 86_400_000 },
} as const;

/** @see Lifetimes */
export const DEFAULT_LIFETIMES = {
  matchMs: 86_400_000,
  mismatchMs: 600_000,
  noRecordMs: 300_000,
  indeterminateMs: 60_000,
  unknownMs: 60_000,
  sameParameterBlockMs: 3_600_000,
} as const satisfies Required<Lifetimes>;

/** @see LatchTimes */
export const DEFAULT_LATCHES = { quotaMs: 300_000, accessMs: 60_000 } as const satisfies Required<LatchTimes>;

/** Hosts that are this machine: http is allowed there, and so are test mobiles. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
