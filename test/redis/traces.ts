import type { Identity } from '@identity-verify/nestjs';

const reversed = (text: string) => Array.from(text).toReversed().join('');
const hex = (bytes: Buffer) => bytes.toString('hex');

/** The part of a text in base64 that is the same whatever stands around it, for each place it may begin at. */
function base64Parts(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]);
    // The first and the last group also hold bits of the neighbours.
    const part = whole.toString('base64').slice(offset === 0 ? 0 : 4, Math.floor(whole.length / 3) * 4);
    return [part, part.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** As Redis packs a number into a small hash or sorted set. */
function numbers(text: string): Buffer[] {
  if (!/^\d{9,18}$/.test(text)) return [];
  const [whole, score] = [Buffer.alloc(8), Buffer.alloc(8)];
  whole.writeBigInt64LE(BigInt(text));
  score.writeDoubleLE(Number(text));
  // A packed integer has as many bytes as it needs, and none of these needs less than five.
  return [whole.subarray(0, text.length > 15 ? 8 : 5), score];
}

/** Every form in which a text would be recognised by somebody who reads the bytes. */
export function formsOf(secret: string): Buffer[] {
  const [plain, backwards] = [secret, reversed(secret)].map((text) => Buffer.from(text, 'utf8')) as [Buffer, Buffer];
  const texts = [
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    JSON.stringify(secret).slice(1, -1),
    Array.from(secret, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    ...[plain, backwards].flatMap((bytes) => [hex(bytes), hex(bytes).toUpperCase(), reversed(hex(bytes))]),
    ...[plain, backwards].flatMap(base64Parts),
  ].filter((text) => text.length > 5);
  const bytes = [plain, backwards, Buffer.from(secret, 'utf16le'), Buffer.from([...plain].toReversed())];
  return [...bytes, ...texts.map((text) => Buffer.from(text)), ...numbers(secret)];
}

/** What must not be found of a person: all of it, and the parts that tell who it is. */
export function secretsOf({ name, idCard, mobile }: Identity): string[] {
  return [name, idCard, idCard.slice(0, 17), mobile, `+86${mobile}`];
}

/** @returns the secrets that are found in any form, by what they are and the form's number; never the text itself */
export function tracesOf(everything: Buffer, people: readonly Identity[]): string[] {
  return people.flatMap((person, index) =>
    secretsOf(person).flatMap((secret, part) =>
      formsOf(secret).flatMap((form, number) =>
        everything.includes(form) ? [`part ${part} of person ${index} in form ${number}`] : [],
      ),
    ),
  );
}
