import type { Identity } from '../identity/identity.check.js';
import { PersonName } from './person.name.js';
import { compact, decodings, gb18030Readings } from './text.decodings.js';

/** A run of characters that a text has in common with an ID number or a mobile. */
export interface SharedRun {
  /** Minimum length. */
  readonly length: number;
  /** Minimum number of characters other than `0`. Counters are full of zeros, and so are some numbers. */
  readonly nonZero: number;
}

/** The run that counts in any text. */
export const ANY_TEXT: SharedRun = { length: 6, nonZero: 0 };
/** A longer run counts with fewer other characters. With one or two, it can be a counter with leading zeros. */
const LONG: SharedRun = { length: 10, nonZero: 3 };
/** Minimum number of consecutive letters of a Latin name. */
const LATIN_RUN = 4;
/** Six digits as character codes: in hexadecimal, of one or two bytes each, or in decimal. An `X` counts as a digit. */
const CODED_DIGITS = /(?:(?:00)?(?:3\d|[57]8)){6}|(?:4[89]|5[0-7]|88){6}/;

/**
 * Recognises personal data of the question in text from the upstream: in either case, with separators, reversed, as
 * character codes, in hexadecimal, in base64, and in part. It does not recognise abbreviations, transcriptions or
 * ciphers.
 *
 * Created for every reply, so everything is computed on first use.
 */
export class EchoDetector {
  readonly #identity: Identity;
  #cachedNumbers: string | undefined;
  #cachedName: PersonName | undefined;

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  /** Returns whether a text repeats personal data: six consecutive characters of a number, or a part of the name. */
  isEcho(text: string): boolean {
    return (
      [text, ...decodings(text)].some((reading) => this.#holdsPart(reading)) ||
      gb18030Readings(text).some((reading) => this.#name.hasPairIn(reading))
    );
  }

  /**
   * The same for an id of a known shape, which always contains digits. `run` is the shortest run that is no
   * coincidence. Fast, because it is called for every answer.
   */
  isEchoInId(id: string, run: SharedRun): boolean {
    const text = id.replaceAll('-', '').toUpperCase();
    return (
      this.#holdsNumber(text, run) ||
      this.#name.isCodedInHex(text) ||
      this.#name.sharesLetters(text, run.length) ||
      ((CODED_DIGITS.test(text) || this.#name.isLatin) && this.#isCodedIn(text, run))
    );
  }

  #isCodedIn(text: string, run: SharedRun): boolean {
    return decodings(text)
      .map(compact)
      .some((reading) => this.#holdsNumber(reading, run) || this.#name.sharesLetters(reading, LATIN_RUN));
  }

  #holdsPart(reading: string): boolean {
    const text = compact(reading);
    return (
      this.#holdsNumber(text, ANY_TEXT) ||
      this.#holdsNumber(text.replaceAll(/[^0-9X]/g, ''), ANY_TEXT) ||
      this.#name.hasCharacterIn(text) ||
      this.#name.isCodedIn(text) ||
      this.#name.sharesLetters(text, LATIN_RUN)
    );
  }

  #holdsNumber(text: string, run: SharedRun): boolean {
    return sharesRun(text, this.#numbers, run) || (run.nonZero > 0 && sharesRun(text, this.#numbers, LONG));
  }

  /** The ID number and the mobile, forwards and reversed. */
  get #numbers(): string {
    if (this.#cachedNumbers !== undefined) return this.#cachedNumbers;
    const forwards = `${this.#identity.idCard.toUpperCase()} ${this.#identity.mobile}`;
    let numbers = `${forwards} `;
    for (let at = forwards.length - 1; at >= 0; at--) numbers += forwards.charAt(at);
    return (this.#cachedNumbers = numbers);
  }

  get #name(): PersonName {
    return (this.#cachedName ??= new PersonName(this.#identity.name));
  }
}

/** Returns whether a text shares a run of digits with a person's numbers. An `X` counts as a digit. */
function sharesRun(text: string, numbers: string, { length, nonZero }: SharedRun): boolean {
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    digits = (character >= 0x30 && character <= 0x39) || character === 0x58 ? digits + 1 : 0;
    if (digits < length) continue;
    const run = text.slice(at + 1 - length, at + 1);
    if (numbers.includes(run) && run.replaceAll('0', '').length >= nonZero) return true;
  }
  return false;
}
