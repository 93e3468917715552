// Each mask leaves what is masked already as it is: journals are masked when they are written and when they are compared.

/** `张*`, whatever the length: the length of a rare name would narrow it down. */
export function maskName(name: string): string {
  const [first = ''] = name;
  return first === '' ? '' : `${first}*`;
}

/**
 * `1*** … ***X`: the first and the last character only, since region and birth date identify. What is no ID number shows
 * nothing: it may be another field in the wrong place.
 */
export function maskIdCard(idCard: string): string {
  if (idCard === '' || /^\d\*{3} … \*{3}[\dXx]$/.test(idCard)) return idCard;
  return /^(?:\d{17}[\dXx]|\d{15})$/.test(idCard) ? `${idCard.slice(0, 1)}*** … ***${idCard.slice(-1)}` : '***';
}

/** `138******34`. What is no mobile shows nothing. */
export function maskMobile(mobile: string): string {
  if (mobile === '' || /^\d{3}\*{6}\d{2}$/.test(mobile)) return mobile;
  return /^\d{11}$/.test(mobile) ? `${mobile.slice(0, 3)}******${mobile.slice(-2)}` : '***';
}
