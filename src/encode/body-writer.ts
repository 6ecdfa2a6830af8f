import { type Bytes, bytesOf, countQuotedBytes, mostQuotedBytes, writeQuoted } from './quoted-bytes.js';

/** Longer pieces are written by themselves: joined to others they would be copied once more. */
const LARGE = 256;

/** Longer texts are quoted as strings: the place in which a text is encoded before it is quoted is kept. */
const LONGEST_IN_PLACE = 128 * 1024;
/** A UTF-16 unit takes at most three bytes. */
const BYTES_PER_UNIT = 3;
let place: Bytes | undefined;

/**
 * Collects the pieces of a request body as bytes. Content goes in as it is, without becoming part of one long string
 * first, which V8 would have to flatten, and to widen as a whole for a single character beyond Latin-1.
 */
export class BodyWriter {
  #bytes: Bytes;
  #length = 0;
  #pending = '';

  /** @param expected - bytes the body will about take; it grows beyond when it must. */
  constructor(expected: number) {
    this.#bytes = bytesOf(Buffer.allocUnsafe(Math.max(expected, 4096)));
  }

  add(text: string): void {
    if (text.length < LARGE) {
      this.#pending += text;
      return;
    }
    this.#flush();
    this.#write(text);
  }

  /** A text, as JSON. */
  addQuoted(text: string): void {
    if (text.length < LARGE || text.length > LONGEST_IN_PLACE) {
      this.add(JSON.stringify(text));
      return;
    }
    this.#flush();
    place ??= bytesOf(Buffer.allocUnsafeSlow(LONGEST_IN_PLACE * BYTES_PER_UNIT));
    const length = place.buffer.write(text, 0, 'utf8');
    if (this.#length + mostQuotedBytes(length) > this.#bytes.buffer.length) {
      const least = this.#length + countQuotedBytes(place.buffer, length);
      if (least > this.#bytes.buffer.length) this.#grow(least);
    }
    this.#length = writeQuoted(place, length, this.#bytes, this.#length);
  }

  /** The whole body. The writer is done with it. */
  finish(): Uint8Array {
    this.#flush();
    return this.#bytes.buffer.subarray(0, this.#length);
  }

  #flush(): void {
    if (this.#pending === '') return;
    this.#write(this.#pending);
    this.#pending = '';
  }

  #write(text: string): void {
    const most = this.#length + text.length * BYTES_PER_UNIT;
    if (most > this.#bytes.buffer.length) this.#grow(most);
    this.#length += this.#bytes.buffer.write(text, this.#length, 'utf8');
  }

  #grow(least: number): void {
    const { buffer } = this.#bytes;
    const larger = Buffer.allocUnsafe(Math.max(least, buffer.length * 2));
    buffer.copy(larger, 0, 0, this.#length);
    this.#bytes = bytesOf(larger);
  }
}
