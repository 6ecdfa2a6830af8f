import { LONGEST_FLAT, mayBeDeep, toCleanText } from '../json-text.js';
import type { Json } from '../record.js';
import type { WireChanges } from '../wire-rules.js';

/*
 * Texts that are quoted anyway need no search of their own for half a character or U+0000: as JSON, whatever breaks a
 * rule is an escape of this kind, or was one in the text already.
 */
const ESCAPE = '\\u';

/** A text as JSON, fit to leave (`wire-rules.ts`). */
export function quote(text: string, changes?: WireChanges): Json {
  const json = JSON.stringify(text);
  const hasEscapes = json.length !== text.length + 2;
  // Most texts: short, and without any escape.
  if (!hasEscapes && text.length <= LONGEST_FLAT) return json;
  return (hasEscapes && json.includes(ESCAPE)) || mayBeDeep(text) ? mended(text, json, changes) : json;
}

function mended(text: string, json: Json, changes: WireChanges | undefined): Json {
  const clean = toCleanText(text, changes);
  return clean === text ? json : JSON.stringify(clean);
}

/** An object of flat texts as JSON: in one call for all, and text by text only when one of them may break a rule. */
export function quoteTexts(texts: { readonly [key: string]: string }, changes: WireChanges): Json {
  const json = JSON.stringify(texts);
  if (!json.includes(ESCAPE)) return json;
  const entries = Object.entries(texts).map(([key, text]) => `${quote(key, changes)}:${quote(text, changes)}`);
  return `{${entries.join(',')}}`;
}

/** The text, nested no deeper than it may be. Whatever else breaks a rule shows when it is quoted. */
export function toFlatText(text: string, changes: WireChanges): string {
  return mayBeDeep(text) ? toCleanText(text, changes) : text;
}
