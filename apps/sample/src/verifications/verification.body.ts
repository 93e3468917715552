import type { Verification } from '@identity-verify/nestjs';

/** The reply of `POST /verifications`. Contains none of the three fields. */
export interface VerificationBody extends Omit<Verification, 'answeredAt'> {
  /** ISO 8601. */
  readonly answeredAt: string;
}

/** @param verification the answer of the module */
export function toVerificationBody({ answeredAt, ...rest }: Verification): VerificationBody {
  return { ...rest, answeredAt: answeredAt.toISOString() };
}
