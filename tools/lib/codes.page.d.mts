/** The page `docs/codes.md`. */
export function codesPage(
  contract: typeof import('@identity-verify/contract'),
  nestjs: typeof import('@identity-verify/nestjs'),
): string;
