const START = Buffer.from('HTTP/1.1 100');
/** Positions in a status line. */
const MINOR_VERSION = 7;
const FIRST_DIGIT = 9;
const LAST_DIGIT = 11;
const END = Buffer.from('\r\n\r\n');
const [CR, LF, ZERO, TWO] = Buffer.from('\r\n02') as unknown as readonly [number, number, number, number];

/**
 * Reads along with the bytes of one reply, and turns each `100 Continue` into a `102 Processing`: undici fails a request
 * that gets a 100 without having asked for it. Both mean that the reply is still to come, and both are counted as
 * informational replies. The bytes are changed in place, and none is held back.
 */
export class InterimReplies {
  #inHead = false;
  #isFinal = false;
  /** Bytes of the status line, or of the end of an informational head, that have been read. */
  #at = 0;

  /** Begins to read the next reply. */
  restart(): void {
    this.#inHead = this.#isFinal = false;
    this.#at = 0;
  }

  /** Reads the next bytes, wherever they are cut. */
  read(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length && !this.#isFinal; i++) {
      if (this.#inHead) this.#readHead(bytes[i]!);
      else this.#readLine(bytes, i);
    }
  }

  #readLine(bytes: Uint8Array, i: number): void {
    const byte = bytes[i]!;
    // A parser skips empty lines in front of a reply.
    if (this.#at === 0 && (byte === CR || byte === LF)) return;
    const isExpected = byte === START[this.#at] || (this.#at === MINOR_VERSION && byte === ZERO);
    if (!isExpected && this.#at <= FIRST_DIGIT) {
      this.#isFinal = true;
    } else if (!isExpected || this.#at === LAST_DIGIT) {
      if (isExpected) bytes[i] = TWO;
      this.#inHead = true;
      this.#at = 0;
    } else {
      this.#at++;
    }
  }

  /** Looks for the end of an informational head, which has no body. */
  #readHead(byte: number): void {
    this.#at = byte === END[this.#at] ? this.#at + 1 : byte === CR ? 1 : 0;
    if (this.#at === END.length) this.restart();
  }
}
