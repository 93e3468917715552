/**
 * What must and must not compile. Checked by `tsc -b`: a line under `@ts-expect-error` that compiles is an error.
 */
import {
  IdentityVerifyModule,
  RequireVerifiedIdentity,
  VerifiedIdentity,
  type IdentityVerifyAsyncOptions,
  type IdentityVerifyOptions,
  type IdentityVerifyRegistration,
  type IdentityVerifyService,
  type Outcome,
  type RequireVerifiedIdentityOptions,
  type Verification,
  type VerifyOptions,
} from '@identity-verify/nestjs';
import type { IdentityVerifyTestingOptions } from '@identity-verify/nestjs/testing';

const credentials = { appCode: 'code' };

export const registrations = [
  IdentityVerifyModule.forRoot({ credentials }),
  IdentityVerifyModule.forRoot({ credentials, name: 'lending', isGlobal: true }),
  IdentityVerifyModule.forRootAsync({ name: 'lending', isGlobal: true, useFactory: () => ({ credentials }) }),
  IdentityVerifyModule.forRootAsync({
    inject: [String],
    useFactory: async (appCode: string) => ({ credentials: { appCode } }),
  }),

  // @ts-expect-error credentials are required
  IdentityVerifyModule.forRoot({}),
  // @ts-expect-error credentials of one kind only
  IdentityVerifyModule.forRoot({ credentials: { appKey: 'k' } }),
  // @ts-expect-error not an option
  IdentityVerifyModule.forRoot({ credentials, timeout: 5 }),
  // @ts-expect-error a number of milliseconds
  IdentityVerifyModule.forRoot({ credentials, deadlineMs: '5s' }),
  IdentityVerifyModule.forRoot({
    credentials,
    // @ts-expect-error not an outcome that a code may have
    codes: { '10044': { kind: 'answer', outcome: 'match', retry: 'never', billed: 'yes', httpStatus: 200 } },
  }),
  // @ts-expect-error isGlobal stands beside the factory
  IdentityVerifyModule.forRootAsync({ useFactory: () => ({ credentials, isGlobal: true }) }),
  // @ts-expect-error so does the name
  IdentityVerifyModule.forRootAsync({ useFactory: () => ({ credentials, name: 'lending' }) }),
  // @ts-expect-error a factory returns options
  IdentityVerifyModule.forRootAsync({ useFactory: () => ({}) }),
  // @ts-expect-error a name is a string
  IdentityVerifyModule.forRoot({ credentials, name: 7 }),
];

const fromEnvironment = (name: string): string | undefined => process.env[name];

/** The options of `T` that may be left out and do not take undefined under `exactOptionalPropertyTypes`. */
type RefusesUndefined<T> = T extends unknown
  ? { [K in keyof T]-?: object extends Pick<T, K> ? (undefined extends Required<T>[K] ? never : K) : never }[keyof T]
  : never;
type Group<K extends keyof IdentityVerifyOptions> = NonNullable<IdentityVerifyOptions[K]>;

type Groups = Group<'retry' | 'limiter' | 'breaker' | 'lifetimes' | 'latches' | 'budget' | 'tenantCache'>;

/** Does not compile when an option that may be left out does not take undefined. */
export const everyOptionTakesUndefined: readonly (readonly never[])[] = [
  [] as RefusesUndefined<IdentityVerifyOptions>[],
  [] as RefusesUndefined<Groups>[],
  [] as RefusesUndefined<IdentityVerifyRegistration>[],
  [] as RefusesUndefined<IdentityVerifyAsyncOptions>[],
  [] as RefusesUndefined<RequireVerifiedIdentityOptions>[],
  [] as RefusesUndefined<VerifyOptions>[],
  [] as RefusesUndefined<IdentityVerifyTestingOptions>[],
];
// @ts-expect-error the check itself: this option does not take undefined
export const andNothingElse: readonly never[] = [] as readonly RefusesUndefined<{ readonly optional?: string }>[];

export const takesUndefined = [
  IdentityVerifyModule.forRoot({
    credentials,
    name: undefined,
    isGlobal: undefined,
    baseUrl: fromEnvironment('BASE_URL'),
    pepper: fromEnvironment('PEPPER'),
    deadlineMs: undefined,
    retry: { max: undefined, baseMs: undefined, capMs: undefined, ratio: undefined },
    limiter: { concurrency: undefined, queue: undefined, callsPerSecond: undefined },
    breaker: { failures: undefined, openMs: undefined },
    lifetimes: { matchMs: undefined, sameParameterBlockMs: undefined },
    latches: { quotaMs: undefined, accessMs: undefined },
    budget: { callsPerDay: undefined, callsPerMonth: undefined, fenPerCall: undefined },
    tenantCache: { max: undefined, ttlMs: undefined },
    subjectLimit: undefined,
    ledger: undefined,
    audit: undefined,
    onEvent: undefined,
    clock: undefined,
  }),
  RequireVerifiedIdentity({
    from: undefined,
    outcomes: undefined,
    instance: fromEnvironment('INSTANCE'),
    onUnavailable: undefined,
    verify: {
      maxAgeMs: undefined,
      purpose: fromEnvironment('PURPOSE'),
      consentRef: undefined,
      repeatInDoubt: undefined,
    },
  }),
];

/** What a guarded handler is given: the answer, and the identity that it is about. */
export const handed = ({ name, idCard, mobile, outcome, seqNo }: VerifiedIdentity): (string | undefined)[] => [
  name,
  idCard,
  mobile,
  outcome,
  seqNo,
];
export const decorators = [VerifiedIdentity(), VerifiedIdentity('lending')];

export const guards = [
  RequireVerifiedIdentity(),
  RequireVerifiedIdentity({ outcomes: ['match', 'no_record'], onUnavailable: 'allow' }),
  // @ts-expect-error not an outcome
  RequireVerifiedIdentity({ outcomes: ['matched'] }),
  // @ts-expect-error 'allow' or 'deny'
  RequireVerifiedIdentity({ onUnavailable: 'ignore' }),
];

/** An outcome that is not handled does not compile. */
export function sentence(outcome: Outcome): string {
  switch (outcome) {
    case 'match':
      return 'yes';
    case 'mismatch':
    case 'no_record':
    case 'indeterminate':
      return 'no';
    default:
      return outcome satisfies never;
  }
}

export function incomplete(outcome: Outcome): string {
  switch (outcome) {
    case 'match':
      return 'yes';
    case 'mismatch':
      return 'no';
    default:
      // @ts-expect-error no_record and indeterminate are left
      return outcome satisfies never;
  }
}

export async function asks(
  service: IdentityVerifyService,
  identity: { name: string; idCard: string; mobile: string },
): Promise<Verification> {
  // @ts-expect-error all three are required
  await service.verify({ name: identity.name, idCard: identity.idCard });
  // @ts-expect-error milliseconds
  await service.verify(identity, { maxAgeMs: '1h' });
  return service.verify(identity, {
    maxAgeMs: 0,
    tenant: 'bank',
    purpose: 'loan',
    consentRef: 'c-1',
    signal: AbortSignal.timeout(1),
  });
}

export const readOnly = (verification: Verification, options: IdentityVerifyOptions) => {
  // @ts-expect-error an answer is read-only
  verification.outcome = 'match';
  // @ts-expect-error options are read-only
  options.baseUrl = 'http://elsewhere';
};
