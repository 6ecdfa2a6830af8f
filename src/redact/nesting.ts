/**
 * Whether JSON text nests deeper than `depth`. Read before it is parsed: a parser takes a hundred times as long for a
 * megabyte of brackets as for a megabyte of words.
 */
export function isDeeperThan(depth: number, text: string): boolean {
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22 /* " */) at = closingQuote(text, at);
    else if (code === 0x5b /* [ */ || code === 0x7b /* { */) open++;
    else if (code === 0x5d /* ] */ || code === 0x7d /* } */) open--;
    if (open > depth) return true;
  }
  return false;
}

/** Where the string ends that begins at `start`. */
function closingQuote(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === 0x5c /* \ */) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}
