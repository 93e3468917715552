import type { ClaimRequest, Settlement } from '@identity-verify/nestjs';

let owners = 0;

/** A claim with names in place of keys. */
export function claimOf(name: string, overrides: Partial<ClaimRequest> = {}): ClaimRequest {
  return {
    scope: 'default',
    keys: [`v1.a.q-${name}`],
    idKeys: [`v1.a.i-${name}`],
    mobileKeys: [`v1.a.m-${name}`],
    owner: `owner-${++owners}`,
    leaseMs: 10_000,
    doubtMs: 60_000,
    maxAgeMs: undefined,
    repeatInDoubt: false,
    budget: { callsPerDay: 1_000_000 },
    subjectLimit: { perIdNumber: 20, perMobile: 20, windowMs: 86_400_000 },
    ...overrides,
  };
}

/** Settles a claim with a match that is kept for a day. */
export function matchOf({ scope, keys, owner }: ClaimRequest): Settlement {
  return {
    scope,
    key: keys[0] ?? '',
    owner,
    result: {
      kind: 'answered',
      answer: { outcome: 'match', code: '10000', billed: 'yes', seqNo: 'SEQ0000000000001', answeredAt: Date.now() },
      ttlMs: 86_400_000,
      charged: true,
    },
  };
}
