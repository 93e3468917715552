import type { IdentityVerifyErrorCode } from '@identity-verify/nestjs';

/** The title and the remedy of every error in Chinese. */
export const ERROR_TEXTS_ZH: Readonly<
  Record<IdentityVerifyErrorCode, { readonly title: string; readonly remedy: string }>
>;
