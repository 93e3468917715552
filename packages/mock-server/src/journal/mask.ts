// All masks are idempotent, because journals are masked when written and again when compared.

/** `张*`, whatever the length: the length of a rare name would narrow it down. */
export function maskName(name: string): string {
  const [first = ''] = name;
  return first === '' ? '' : `${first}*`;
}

/**
 * `1*** … ***X`: only the first and the last character, because region and birth date identify a person. A value that
 * is not an ID number is masked completely, because it may belong to another field.
 */
export function maskIdCard(idCard: string): string {
  if (idCard === '' || /^\d\*{3} … \*{3}[\dXx]$/.test(idCard)) return idCard;
  return /^(?:\d{17}[\dXx]|\d{15})$/.test(idCard) ? `${idCard.slice(0, 1)}*** … ***${idCard.slice(-1)}` : '***';
}

/** `138******34`. A value that is not a mobile is masked completely. */
export function maskMobile(mobile: string): string {
  if (mobile === '' || /^\d{3}\*{6}\d{2}$/.test(mobile)) return mobile;
  return /^\d{11}$/.test(mobile) ? `${mobile.slice(0, 3)}******${mobile.slice(-2)}` : '***';
}
