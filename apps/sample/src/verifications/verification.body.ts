import type { Verification } from '@identity-verify/nestjs';

/** What `POST /verifications` answers. Holds none of the three fields. */
export interface VerificationBody extends Omit<Verification, 'answeredAt'> {
  /** ISO 8601. */
  readonly answeredAt: string;
}

/** @param verification as the module gives it */
export function toVerificationBody({ answeredAt, ...rest }: Verification): VerificationBody {
  return { ...rest, answeredAt: answeredAt.toISOString() };
}
