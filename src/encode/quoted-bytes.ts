const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const LETTER_U = 0x75;
const ZERO = 0x30;
const HEX = '0123456789abcdef';

/** By byte: the letter of its escape, 0 for a byte that needs none. */
const ESCAPES = Uint8Array.from({ length: 256 }, (_, byte) => (byte < SPACE ? LETTER_U : 0));
for (const letter of ['"', '\\', 'b', 'f', 'n', 'r', 't'])
  ESCAPES[String(JSON.parse(`"\\${letter}"`)).charCodeAt(0)] = letter.charCodeAt(0);

/** Memory that is read and written byte by byte, or four bytes at once wherever they begin. */
export interface Bytes {
  readonly buffer: Buffer;
  readonly fours: DataView;
}

export function bytesOf(buffer: Buffer): Bytes {
  return { buffer, fours: new DataView(buffer.buffer, buffer.byteOffset, buffer.length) };
}

/** What each of `length` bytes takes at most, and the quotes. */
export function mostQuotedBytes(length: number): number {
  return length * 6 + 2;
}

/** What these bytes of a text take as JSON. */
export function countQuotedBytes(text: Uint8Array, length: number): number {
  let count = length + 2;
  for (let at = 0; at < length; at++) {
    const letter = ESCAPES[text[at] ?? 0];
    if (letter !== 0) count += letter === LETTER_U ? 5 : 1;
  }
  return count;
}

/**
 * Writes the first `length` bytes of a text, in UTF-8, as JSON: byte for byte what `JSON.stringify` makes of it, in a
 * third of the time, and without a string that nobody needs. The text is well-formed.
 *
 * @returns the position behind it.
 */
export function writeQuoted(text: Bytes, length: number, target: Bytes, start: number): number {
  const { buffer } = target;
  let end = start;
  buffer[end++] = QUOTE;
  for (let at = 0; at < length; ) {
    const four = at + 4 <= length ? text.fours.getInt32(at) : NOT_PLAIN;
    if (isPlain(four)) {
      target.fours.setInt32(end, four);
      at += 4;
      end += 4;
      continue;
    }
    for (const stop = Math.min(at + 4, length); at < stop; at++) {
      const byte = text.buffer[at] ?? 0;
      const letter = ESCAPES[byte] ?? 0;
      if (letter === 0) buffer[end++] = byte;
      else end = writeEscape(byte, letter, buffer, end);
    }
  }
  buffer[end++] = QUOTE;
  return end;
}

const NOT_PLAIN = 0;

/**
 * Whether none of four bytes needs an escape. Subtracting carries into the highest bit of each byte that was less than
 * what was taken from it: of a control character, and after an exclusive or, which leaves 0 of its equal, of a quote and
 * of a backslash. May say no of four that need none, never yes of others.
 */
function isPlain(four: number): boolean {
  const quotes = four ^ 0x22222222;
  const backslashes = four ^ 0x5c5c5c5c;
  const less =
    ((four - 0x20202020) & ~four) | ((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes);
  return (less & 0x80808080) === 0;
}

function writeEscape(byte: number, letter: number, target: Uint8Array, start: number): number {
  let end = start;
  target[end++] = BACKSLASH;
  target[end++] = letter;
  if (letter !== LETTER_U) return end;
  for (const code of [ZERO, ZERO, ZERO + (byte >> 4), HEX.charCodeAt(byte & 15)]) target[end++] = code;
  return end;
}
