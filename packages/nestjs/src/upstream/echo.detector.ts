import type { Identity } from '../identity/identity.check.js';
import { PersonName } from './person.name.js';
import { compact, decodings, gb18030Readings } from './text.decodings.js';

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
/** How many letters in a row count, of a name in Latin letters. */
const LATIN_RUN = 4;
/** Six digits in hexadecimal, of one byte or two each. */
const CODED_DIGITS = /(?:(?:00)?3\d){6}/;

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

  /** ID number and mobile, and both backwards. */
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

/** Whether a text shares a run of digits with the numbers of a person; an `X` stands for one. */
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
