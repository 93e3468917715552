/**
 * What must and must not compile. Checked by `tsc -b`: a line under `@ts-expect-error` that compiles is an error.
 */
import {
  IdentityVerifyModule,
  RequireVerifiedIdentity,
  type IdentityVerifyOptions,
  type IdentityVerifyService,
  type Outcome,
  type Verification,
} from '@identity-verify/nestjs';

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
  // @ts-expect-error one kind of credentials, not a mixture
  IdentityVerifyModule.forRoot({ credentials: { appKey: 'k' } }),
  // @ts-expect-error not an option
  IdentityVerifyModule.forRoot({ credentials, timeout: 5 }),
  // @ts-expect-error a number of milliseconds
  IdentityVerifyModule.forRoot({ credentials, deadlineMs: '5s' }),
  IdentityVerifyModule.forRoot({
    credentials,
    // @ts-expect-error not an outcome that a code may be given
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

export const guards = [
  RequireVerifiedIdentity(),
  RequireVerifiedIdentity({ outcomes: ['match', 'no_record'], onUnavailable: 'allow' }),
  // @ts-expect-error not an outcome
  RequireVerifiedIdentity({ outcomes: ['matched'] }),
  // @ts-expect-error one of two
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
  // @ts-expect-error an answer is not changed afterwards
  verification.outcome = 'match';
  // @ts-expect-error nor are options
  options.baseUrl = 'http://elsewhere';
};
