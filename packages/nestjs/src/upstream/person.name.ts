import { compact } from './text.decodings.js';

/** A name, with the spellings that a text can contain. */
export class PersonName {
  /** The Chinese characters of the name, and their code points. */
  readonly #characters: string[] = [];
  readonly #codePoints: number[] = [];
  #cachedHexPairs: readonly string[] | undefined;
  /** The Latin letters of the name, without accents. */
  readonly #letters: string;

  constructor(name: string) {
    let latin = false;
    for (const character of name) {
      const code = character.codePointAt(0) ?? 0;
      if (code >= FIRST_HAN) {
        this.#characters.push(character);
        this.#codePoints.push(code);
      } else if (code !== MIDDLE_DOT) latin = true;
    }
    this.#letters = latin ? compact(name.normalize('NFD')).replaceAll(/[^A-Z]/g, '') : '';
  }

  get isLatin(): boolean {
    return this.#letters !== '';
  }

  hasCharacterIn(text: string): boolean {
    return this.#characters.some((character) => text.includes(character));
  }

  /** Returns whether a text contains two adjacent characters, for texts in which a single one is a coincidence. */
  hasPairIn(text: string): boolean {
    return pairs(this.#characters).some((pair) => text.includes(pair));
  }

  /**
   * Returns whether a text of capitals and digits contains the UTF-8 bytes of a character, or the code points of two.
   */
  isCodedInHex(text: string): boolean {
    return (
      (UTF8_IN_HEX.test(text) && this.#codePoints.some((code) => text.includes(utf8InHex(code)))) ||
      this.#hexPairs.some((pair) => text.includes(pair))
    );
  }

  get #hexPairs(): readonly string[] {
    return (this.#cachedHexPairs ??= pairs(this.#codePoints.map(inHex)));
  }

  /** The same for every notation: `&#x6d4b;`, `\u6d4b`, `&#27979;`, without separators. */
  isCodedIn(text: string): boolean {
    return (
      this.isCodedInHex(text) ||
      this.#codePoints.some((code) => text.includes(`U${inHex(code)}`) || text.includes(`X${inHex(code)}`)) ||
      pairs(this.#codePoints.map(String)).some((pair) => text.includes(pair))
    );
  }

  /**
   * Returns whether a text contains `length` consecutive Latin letters of the name, forwards or reversed, or all of a
   * short name.
   */
  sharesLetters(text: string, length: number): boolean {
    const letters = this.#letters;
    if (letters === '') return false;
    if (letters.length < length) return letters.length < SHORT_NAME ? text === letters : text.includes(letters);
    const bothWays = `${letters} ${Array.from(letters).toReversed().join('')}`;
    for (let at = 0; at + length <= text.length; at++) if (bothWays.includes(text.slice(at, at + length))) return true;
    return false;
  }
}

/** The first code point of Chinese characters, radicals included. */
const FIRST_HAN = 0x2e80;
const MIDDLE_DOT = 0xb7;
/** A name with fewer letters occurs in too many words. */
const SHORT_NAME = 4;
/** The first bytes of a Chinese character. */
const UTF8_IN_HEX = /(?:E[2-9]|F0)[89AB]/;

const inHex = (code: number) => code.toString(16).toUpperCase();

/** The UTF-8 bytes of a character from U+0800 on. */
function utf8InHex(code: number): string {
  const last = inHex(0x80 | ((code >> 6) & 0x3f)) + inHex(0x80 | (code & 0x3f));
  if (code < 0x1_0000) return inHex(0xe0 | (code >> 12)) + last;
  return inHex(0xf0 | (code >> 18)) + inHex(0x80 | ((code >> 12) & 0x3f)) + last;
}

const pairs = (parts: readonly string[]) => parts.slice(1).map((part, at) => `${parts[at]}${part}`);
