import { isWellText } from './well-text.js';
import { MAX_VALUE_DEPTH, toWellText, type WireChanges } from './wire-rules.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** What stands where JSON text inside of JSON text is nested too deep as well. */
const TOO_DEEP = '"[nested too deep]"';
/** `"\u0000"` is the shortest that breaks a rule. */
const LEAST_LENGTH = 8;
/** Of a text that is too short to be nested too deep. */
export const LONGEST_FLAT: number = 2 * MAX_VALUE_DEPTH;
/**
 * Half a pair, one of a whole pair, or U+0000: which of them it is takes a closer look. So does a character of an escape
 * that is written as an escape itself, and a bracket: in JSON text inside of JSON text they hide what they spell.
 */
const SUSPICIOUS_ESCAPE = /\\u(?:[dD][89a-fA-F]|00(?:00|3\d|[46][1-6]|5[bBcC]|7[5bB]))/;

/**
 * A text that may leave. Servers parse a text that is JSON, so the rules hold for what is in it as well: half a
 * character or U+0000 written as an escape, and how deep it is nested. All else in it stays as it was written, to the
 * digit and the blank. A text without fault is returned as it is, uncopied.
 */
export function toCleanText(text: string, changes?: WireChanges): string {
  const clean = isWellText(text) ? text : toWellText(text, changes);
  return looksLikeJson(clean) && mayBreakRules(clean) && isJson(clean) ? cleanJson(clean, changes) : clean;
}

/** A first look, which costs little: false for a text that cannot be nested too deep. */
export function mayBeDeep(text: string): boolean {
  return text.length > LONGEST_FLAT && looksLikeJson(text) && hasManyBrackets(text);
}

function looksLikeJson(text: string): boolean {
  if (text.length < LEAST_LENGTH) return false;
  let at = 0;
  while (text.charCodeAt(at) <= 0x20) at++;
  const first = text.charCodeAt(at);
  return first === OPEN_OBJECT || first === OPEN_LIST || first === QUOTE;
}

function mayBreakRules(text: string): boolean {
  return (text.includes('\\u') && SUSPICIOUS_ESCAPE.test(text)) || (hasManyBrackets(text) && isDeep(text));
}

/** More of them than there may be levels: else no closer look is needed. */
function hasManyBrackets(text: string): boolean {
  if (text.length <= LONGEST_FLAT) return false;
  let count = 0;
  for (const bracket of '[{') {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++count > MAX_VALUE_DEPTH) return true;
    }
  }
  return false;
}

/** Nested too deep, or with a text in it that may be. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(text, at);
        if (end - at > LONGEST_FLAT && holdsJson(text, at) && hasManyBrackets(text.slice(at, end))) return true;
        at = end - 1;
        break;
      }
      case OPEN_LIST:
      case OPEN_OBJECT:
        if (++depth > MAX_VALUE_DEPTH) return true;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--;
    }
  }
  return false;
}

/** Whether the string that begins at `start` begins like JSON, as far as that shows before it is decoded. */
function holdsJson(text: string, start: number): boolean {
  const first = text.charCodeAt(start + 1);
  return first <= 0x20 || first === OPEN_OBJECT || first === OPEN_LIST || first === BACKSLASH;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function cleanJson(text: string, changes: WireChanges | undefined): string {
  const clean = withStrings(text, (literal) => cleanLiteral(literal, changes));
  const flat = flatten(clean, (deep) => JSON.stringify(flatten(deep, () => TOO_DEEP)));
  if (flat !== clean) changes?.note('depth');
  return flat;
}

/** A string as it stands in JSON text: the same one when there is nothing to mend. */
function cleanLiteral(literal: string, changes: WireChanges | undefined): string {
  if (!literal.includes('\\') && literal.length <= LONGEST_FLAT) return literal;
  const text = String(JSON.parse(literal));
  const clean = toCleanText(text, changes);
  return clean === text ? literal : JSON.stringify(clean);
}

/** JSON text with each of its strings, keys included, replaced. */
function withStrings(text: string, replace: (literal: string) => string): string {
  let result = '';
  let copied = 0;
  for (let start = text.indexOf('"'); start !== -1; ) {
    const end = endOfString(text, start);
    const literal = text.slice(start, end);
    const replaced = replace(literal);
    if (replaced !== literal) {
      result += text.slice(copied, start) + replaced;
      copied = end;
    }
    start = text.indexOf('"', end);
  }
  return copied === 0 ? text : result + text.slice(copied);
}

/** JSON text with whatever lies deeper than it may replaced. */
function flatten(text: string, replace: (deep: string) => string): string {
  let result = '';
  let copied = 0;
  let depth = 0;
  let deepStart = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at) - 1;
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        if (++depth === MAX_VALUE_DEPTH + 1) deepStart = at;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        if (depth-- !== MAX_VALUE_DEPTH + 1) break;
        result += text.slice(copied, deepStart) + replace(text.slice(deepStart, at + 1));
        copied = at + 1;
    }
  }
  return copied === 0 ? text : result + text.slice(copied);
}

/** The position behind the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}
