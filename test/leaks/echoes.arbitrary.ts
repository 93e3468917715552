import type { WireReply } from '@identity-verify/nestjs';
import { TEST_BIRTH_DATE, TEST_MOBILE_PREFIX, type TestPerson } from '@identity-verify/contract';
import fc from 'fast-check';

/** The length from which a part of a number must not leak. */
export const RUN = 6;

/** Synthetic people of every kind: born on 1900-01-01, with mobiles of the reserved block. */
const han = fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((code) => String.fromCodePoint(code));
const latin = fc.constantFrom('MARIA GARCIA', 'Zoë Lindqvist', "O'Connor Patrick", 'Nguyen Thi Hoa');
const digits = (count: number) =>
  fc.integer({ min: 0, max: 10 ** count - 1 }).map((n) => String(n).padStart(count, '0'));
/** ISO 7064 MOD 11-2. */
const withCheck = (number: string) =>
  number +
  '10X98765432'[Array.from(number).reduce((sum, digit, at) => sum + Number(digit) * (2 ** (17 - at) % 11), 0) % 11];
export const people: fc.Arbitrary<TestPerson> = fc.record({
  name: fc.array(han, { minLength: 2, maxLength: 4 }).map((characters) => characters.join('')),
  idCard: fc
    .tuple(fc.constantFrom('110101', '310101', '440103', '650101'), digits(3))
    .map(([region, order]) => withCheck(`${region}${TEST_BIRTH_DATE}${order}`)),
  mobile: digits(5).map((suffix) => `${TEST_MOBILE_PREFIX}${suffix}`),
});
export const foreigners: fc.Arbitrary<TestPerson> = fc.record({
  name: latin,
  idCard: digits(3).map((order) => withCheck(`911124${TEST_BIRTH_DATE}${order}`)),
  mobile: digits(5).map((suffix) => `${TEST_MOBILE_PREFIX}${suffix}`),
});

const each = (code: (character: string) => string) => (text: string) => Array.from(text, code).join('');
const bytes = (text: string) => Array.from(Buffer.from(text));
const hexOf = (n: number) => n.toString(16).padStart(2, '0');
const codeOf = (character: string) => character.codePointAt(0)!;
const SPELLINGS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toLowerCase(),
  (text) => text.toUpperCase(),
  (text) => Array.from(text).toReversed().join(''),
  ...[' ', '.', '-', '_', '  ', '/', '\u200b', '·', '\t', '%20', '+', ', '].map(
    (separator) => (text: string) => Array.from(text).join(separator),
  ),
  (text) => text.replaceAll(/(.{3})/gu, '$1-'),
  (text) => text.replaceAll(/(.{4})/gu, '$1_'),
  encodeURIComponent,
  (text) =>
    bytes(text)
      .map((byte) => `%${hexOf(byte)}`)
      .join(''),
  (text) => bytes(text).map(hexOf).join(''),
  (text) => bytes(text).map(hexOf).join('').toUpperCase(),
  each((character) => String.fromCodePoint(codeOf(character) + (codeOf(character) < 0x7f ? 0xfee0 : 0))), // full width
  each((character) => `&#${codeOf(character)};`),
  each((character) => `&#x${codeOf(character).toString(16)};`),
  each((character) => `\\u${codeOf(character).toString(16).padStart(4, '0')}`),
  each((character) => `u${codeOf(character).toString(16).padStart(4, '0')}`),
  each((character) => `${codeOf(character)}`),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('base64url'),
  (text) => `${text} does not exist`,
  (text) => `ERR_${text}`,
  (text) => `A1-${text}-Z9`,
  (text) => Buffer.from(text, 'utf8').toString('latin1'),
];

/** The formats of an id, filled with the characters of a text. */
const SHAPES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => {
    const hex = text
      .replaceAll(/[^0-9A-Fa-f]/g, '')
      .padEnd(32, 'fade')
      .slice(0, 32);
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  },
  (text) => `ABCDEFGH${text.replaceAll(/\D/g, '').slice(-10).padStart(10, '0')}`,
  (text) => text.replaceAll(/\D/g, '').padEnd(18, '7').slice(0, 18),
  (text) => text.slice(0, 12),
];

const PLACES = [
  'code',
  'message',
  'seqNo',
  'state',
  'extra',
  'x-ca-request-id',
  'x-ca-error-code',
  'x-ca-error-message',
  'content-type',
  'content-encoding',
  'retry-after',
  'date',
  'location',
] as const;

/** An echo: the part of the identity, its encoding and its place in the reply. */
export const echoes = fc.record({
  part: fc.constantFrom<keyof TestPerson>('name', 'idCard', 'mobile'),
  from: fc.nat(12),
  length: fc.integer({ min: RUN, max: 18 }),
  spelling: fc.constantFrom(...SPELLINGS),
  shape: fc.constantFrom(...SHAPES),
  places: fc.uniqueArray(fc.constantFrom(...PLACES), { minLength: 1, maxLength: 3 }),
  status: fc.constantFrom(200, 200, 200, 200, 307, 400, 403, 408, 429, 502, 504),
  code: fc.constantFrom('10000', '10001', '10017', '10018', 'SYSTEM_001'),
});
export type Echo = typeof echoes extends fc.Arbitrary<infer T> ? T : never;

let replies = 0;
/** A reply that is valid apart from the echo. */
export function replyWith(
  person: TestPerson,
  { part, from, length, spelling, shape, places, status, code }: Echo,
): WireReply {
  const whole = person[part];
  const start = part === 'name' ? 0 : Math.min(from, whole.length - RUN);
  const said = shape(spelling(part === 'name' ? whole : whole.slice(start, start + length)));
  const at = (place: (typeof PLACES)[number], otherwise: string) => (places.includes(place) ? said : otherwise);
  const headers: Record<string, string> = { 'content-type': at('content-type', 'application/json') };
  for (const place of places)
    if (place.includes('-') || place === 'date' || place === 'location') headers[place] = said;
  const body = {
    code: at('code', code),
    message: at('message', 'm'),
    data: { state: at('state', '1'), note: at('extra', '') },
    seqNo: at('seqNo', `S-${(++replies).toString(36)}`),
  };
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}
