/** `张*`, whatever the length: the length of a rare name would narrow it down. */
export function maskName(name: string): string {
  const [first = ''] = name;
  return first === '' ? '' : `${first}*`;
}

/** `1*** … ***X`: the first and the last character only, since region and birth date identify. */
export function maskIdCard(idCard: string): string {
  return idCard.length < 2 ? '*'.repeat(idCard.length) : `${idCard.slice(0, 1)}*** … ***${idCard.slice(-1)}`;
}

/** `138******34`. What is no mobile shows nothing but its length class. */
export function maskMobile(mobile: string): string {
  return mobile.length === 11 ? `${mobile.slice(0, 3)}******${mobile.slice(-2)}` : mobile === '' ? '' : '***';
}
