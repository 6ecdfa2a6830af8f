/** What is in every part that has a file without being a data URI; quotes may be escaped, once or more. */
const HINT =
  /(?:media|mime|content)(?:_t|T)ype|b64_json|base64|input_audio|bytes|image_generation_call|Buffer|(?:audio|image)\\*" *:/;

/** Pieces of those words that begin with a letter which is rare in prose: a search goes from one of those to the next. */
const PIECES = ['_type', 'Type', 'Buffer'] as const;

/** The others have no such letter. As long as they are, a pattern skips most letters of the text. */
const WORDS = /bytes|audio|image/;

const SIXTY_FOUR = '64';

/**
 * Whether a text may have a part with a file. Most have none, and are told by pieces of words: to look for those takes
 * a third of the time that the pattern does.
 */
export function hintsAtFile(text: string): boolean {
  return mayHint(text) && HINT.test(text);
}

function mayHint(text: string): boolean {
  for (const piece of PIECES) if (text.includes(piece)) return true;
  return WORDS.test(text) || saysBase64(text);
}

/** `base64` or `b64_json`, and no other number. */
function saysBase64(text: string): boolean {
  for (let at = text.indexOf(SIXTY_FOUR); at !== -1; at = text.indexOf(SIXTY_FOUR, at + 1)) {
    const before = text[at - 1];
    if (before === 'e' || before === 'b') return true;
  }
  return false;
}
