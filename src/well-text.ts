/** Texts of this many UTF-16 units are looked at in one piece, longer ones in several. */
const PIECE = 16_384;
/** Units that are looked at together. */
const BLOCK = 4;
const SPACE = 0x20;
/** The highest, and the lowest bit of both units of a word. */
const HIGHEST = 0x8000_8000 | 0;
const LOWEST = 0x0001_0001;

const units = new Uint16Array(PIECE + BLOCK);
const bytes = Buffer.from(units.buffer, 0, PIECE * 2);
const words = new Int32Array(units.buffer);
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Never true of a text that V8 keeps in one byte a character, and then it takes no time to say so. */
const WIDE = /[^\0-\xff]/;
/** Shorter texts are not worth the way to a copy. */
const LEAST_LENGTH = 256;

/**
 * Well-formed Unicode without U+0000? The engine's own two searches walk through a text that has a character beyond
 * Latin-1 one unit at a time each: the search for U+0000 stops at the zero byte of every ASCII character. So such a text
 * is copied as it lies in memory, and looked at four units at a time.
 */
export function isWellText(text: string): boolean {
  if (text.length < LEAST_LENGTH || !isLittleEndian || !WIDE.test(text))
    return text.isWellFormed() && !text.includes('\0');
  for (let from = 0; from < text.length; ) {
    const length = copy(text, from);
    if (!isWellPiece(length)) return false;
    from += length;
  }
  return true;
}

/** Fills the piece from there on, without its last unit where that is half of a pair. Returns how many units it has. */
function copy(text: string, from: number): number {
  let length = bytes.write(from === 0 ? text : text.slice(from), 'utf16le') / 2;
  if (from + length < text.length && isFirstHalf(units[length - 1] ?? 0)) length--;
  // So that the last block is a whole one, and half a pair at the end shows.
  units.fill(SPACE, length, length + BLOCK);
  return length;
}

/**
 * Two units in a word: subtracting one from each sets the highest bit of a unit that was zero (or of one behind it, which
 * the closer look finds out), and no unit below 0x8000 is half of a pair. Above, one is if its five highest bits are
 * those of 0xd800: then they are zero after an exclusive or.
 */
function isWellPiece(length: number): boolean {
  for (let word = 0; 2 * word < length; word += BLOCK / 2) {
    const a = words[word] ?? 0;
    const b = words[word + 1] ?? 0;
    if ((((a - LOWEST) | a | (b - LOWEST) | b) & HIGHEST) === 0) continue;
    const c = (a ^ 0xd800_d800) & 0xf800_f800;
    const d = (b ^ 0xd800_d800) & 0xf800_f800;
    const zeros = ((a - LOWEST) & ~a) | ((b - LOWEST) & ~b) | ((c - LOWEST) & ~c) | ((d - LOWEST) & ~d);
    if ((zeros & HIGHEST) !== 0 && !isWellBlock(2 * word)) return false;
  }
  return true;
}

function isWellBlock(start: number): boolean {
  for (let at = start; at < start + BLOCK; at++) {
    const unit = units[at] ?? 0;
    if (unit === 0) return false;
    if (isFirstHalf(unit) && !isSecondHalf(units[at + 1] ?? 0)) return false;
    if (isSecondHalf(unit) && (at === 0 || !isFirstHalf(units[at - 1] ?? 0))) return false;
  }
  return true;
}

function isFirstHalf(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

function isSecondHalf(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}
