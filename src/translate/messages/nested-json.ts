/**
 * The object or list that a text describes. Undefined for every other text, for one of more levels than can be shown,
 * and for one whose numbers have more digits than JavaScript keeps: the text is worth more than a structure that lies.
 */
export function nestedJson(text: string, maxLevels: number): object | undefined {
  if (!looksLikeJson(text) || LONG_NUMBER.test(text)) return undefined;
  try {
    const structure: unknown = JSON.parse(text);
    return isStructure(structure) && fits(structure, maxLevels) ? structure : undefined;
  } catch {
    return undefined;
  }
}

/** Whole numbers beyond 2^53. */
const LONG_NUMBER = /[:[,]\s*-?\d{16}/;

function isStructure(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function fits(structure: object, levels: number): boolean {
  if (levels === 0) return false;
  for (const item of Array.isArray(structure) ? structure : Object.values(structure))
    if (isStructure(item) && !fits(item, levels - 1)) return false;
  return true;
}

/** Both ends are looked at first: a text that was cut, or is prose in brackets, is not parsed. */
export function looksLikeJson(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET && !isSpace(first)) return false;
  const trimmed = isSpace(first) || isSpace(text.charCodeAt(text.length - 1)) ? text.trim() : text;
  return (trimmed.startsWith('{') && trimmed.endsWith('}')) || (trimmed.startsWith('[') && trimmed.endsWith(']'));
}

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
