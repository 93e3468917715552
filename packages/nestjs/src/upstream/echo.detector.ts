import type { Identity } from '../identity/identity.check.js';
import { decodings, gb18030Readings } from './text.decodings.js';

/** A run of characters that a text shares with an ID number or a mobile. */
export interface SharedRun {
  /** Shortest run that counts. */
  readonly length: number;
  /** How many of its characters must not be `0`: counters are full of zeros, and so are some numbers. */
  readonly nonZero: number;
}

/** The run that counts in a text of any shape. */
export const ANY_TEXT: SharedRun = { length: 6, nonZero: 0 };
/** As long as this, a run counts whatever it is made of. */
const LONG: SharedRun = { length: 10, nonZero: 0 };
/** Shortest part of a name in Latin letters that counts. */
const LATIN: SharedRun = { length: 4, nonZero: 0 };

/**
 * Recognises the person of a question in what the upstream wrote, whatever the spelling: in either case, with separators,
 * backwards, as character codes, in hexadecimal, in base64, and in part. It knows no abbreviation, transcription or cipher.
 * Made for every reply, so nothing is prepared before it is needed.
 */
export class EchoDetector {
  readonly #identity: Identity;
  #cachedNumbers: string | undefined;
  #cachedName: PersonName | undefined;

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  /** Whether a text repeats a part of the person: six characters in a row of a number, or some of the name. */
  isEcho(text: string): boolean {
    return (
      [text, ...decodings(text)].some((reading) => this.#holdsPart(reading)) ||
      gb18030Readings(text).some((reading) => this.#name.hasPairIn(reading))
    );
  }

  /**
   * The same for an id of a known shape, which is full of digits anyway: `run` says what is too much to be there by
   * chance. Cheap, because it is asked for every good reply.
   */
  isEchoInId(id: string, run: SharedRun): boolean {
    const text = id.replaceAll('-', '').toUpperCase();
    return (
      this.#holdsNumber(text, run) ||
      this.#name.isCodedIn(text) ||
      this.#name.sharesLetters(text, run) ||
      // The codes of six digits.
      (/(?:3\d){6}/.test(text) && decodings(text).some((reading) => this.#holdsNumber(compact(reading), run)))
    );
  }

  #holdsPart(reading: string): boolean {
    const text = compact(reading);
    return (
      this.#holdsNumber(text, ANY_TEXT) ||
      this.#holdsNumber(text.replaceAll(/[^0-9X]/g, ''), ANY_TEXT) ||
      this.#name.hasCharacterIn(text) ||
      this.#name.isCodedIn(text) ||
      this.#name.sharesLetters(text, LATIN)
    );
  }

  #holdsNumber(text: string, run: SharedRun): boolean {
    return sharesRun(text, this.#numbers, run) || (run.length < LONG.length && sharesRun(text, this.#numbers, LONG));
  }

  get #numbers(): string {
    if (this.#cachedNumbers !== undefined) return this.#cachedNumbers;
    const { idCard, mobile } = this.#identity;
    return (this.#cachedNumbers = bothWays(`${idCard.toUpperCase()} ${mobile}`));
  }

  get #name(): PersonName {
    return (this.#cachedName ??= new PersonName(this.#identity.name));
  }
}

/** A name, and the spellings of it that a text can hold. */
class PersonName {
  /** Its characters beyond ASCII. */
  readonly #characters: readonly string[];
  readonly #letters: string;
  readonly #lettersBothWays: string;
  readonly #codes: readonly string[];

  constructor(name: string) {
    this.#characters = Array.from(name).filter((character) => /\p{Script=Han}/u.test(character));
    this.#letters = compact(name.normalize('NFD')).replaceAll(/[^A-Z]/g, '');
    this.#lettersBothWays = bothWays(this.#letters);
    const codePoints = this.#characters.map((character) => character.codePointAt(0) ?? 0);
    const hex = codePoints.map((code) => code.toString(16).toUpperCase());
    // One character is recognised by its bytes or its escape, and bare numbers only when two stand side by side.
    this.#codes = [
      ...this.#characters.map((character) => Buffer.from(character).toString('hex').toUpperCase()),
      ...hex.flatMap((code) => [`U${code}`, `X${code}`]),
      ...pairs(hex),
      ...pairs(codePoints.map(String)),
    ];
  }

  hasCharacterIn(text: string): boolean {
    return this.#characters.some((character) => text.includes(character));
  }

  hasPairIn(text: string): boolean {
    return pairs(this.#characters).some((pair) => text.includes(pair));
  }

  /** Whether a text holds characters of the name as numbers. */
  isCodedIn(text: string): boolean {
    return this.#codes.some((code) => text.includes(code));
  }

  /** Whether a text has a part of the name that is written in Latin letters, or all of it where it is short. */
  sharesLetters(text: string, run: SharedRun): boolean {
    if (this.#letters === '') return false;
    const whole = this.#letters.length >= LATIN.length ? text.includes(this.#letters) : text === this.#letters;
    return whole || sharesRun(text, this.#lettersBothWays, run);
  }
}

/** A text without case, width and separators. */
function compact(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function sharesRun(text: string, other: string, { length, nonZero }: SharedRun): boolean {
  for (let at = 0; at + length <= text.length; at++) {
    const run = text.slice(at, at + length);
    if (other.includes(run) && run.replaceAll('0', '').length >= nonZero) return true;
  }
  return false;
}

const bothWays = (text: string) => `${text} ${Array.from(text).reverse().join('')}`;

const pairs = (parts: readonly string[]) => parts.slice(1).map((part, at) => `${parts[at]}${part}`);
