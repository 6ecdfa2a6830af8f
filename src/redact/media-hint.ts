/**
 * Pieces of the words that tell of a file, chosen to be rare in prose. Their first letters most of all: a search goes
 * from one of those to the next.
 */
const PIECES = ['Buffer', 'ytes', 'udio', 'mage'] as const;

const TYPE = 'ype';
const SIXTY_FOUR = '64';

/** What is in every part that has a file without being a data URI; quotes may be escaped, once or more. */
const HINT =
  /(?:media|mime|content)_?[tT]ype|b64_json|base64|input_audio|bytes|image_generation_call|Buffer|(?:audio|image)\\*" *:/;

/**
 * Whether a text may have a part with a file. Most have none, and are told by pieces of words: to look for those takes
 * a fifth of the time that the pattern does.
 */
export function hintsAtFile(text: string): boolean {
  return mayHint(text) && HINT.test(text);
}

function mayHint(text: string): boolean {
  for (const piece of PIECES) if (text.includes(piece)) return true;
  return saysContentType(text) || saysBase64(text);
}

/** Not every `"type":` is one: before it stands the end of `media`, `mime` or `content`. */
function saysContentType(text: string): boolean {
  for (let at = text.indexOf(TYPE); at !== -1; at = text.indexOf(TYPE, at + 1)) {
    const first = text[at - 1];
    const before = text[at - 2];
    if ((first === 't' || first === 'T') && (before === '_' || before === 'a' || before === 'e' || before === 't'))
      return true;
  }
  return false;
}

/** `base64` or `b64_json`, and no other number. */
function saysBase64(text: string): boolean {
  for (let at = text.indexOf(SIXTY_FOUR); at !== -1; at = text.indexOf(SIXTY_FOUR, at + 1)) {
    const before = text[at - 1];
    if (before === 'e' || before === 'b') return true;
  }
  return false;
}
