/**
 * What may leave the process. Langfuse v3 and v4 answer 200 before they store anything, and lose a whole insert batch
 * over one value that their database refuses; so these rules hold for every byte we send. Measured on 2.95 … 4.16.
 */

/** Deeper JSON makes v2 answer 500 and the reading API of v4 fail; what lies deeper becomes JSON text. */
export const MAX_JSON_DEPTH = 100;

/** The server takes longer trace names for invalid since 3.0.0. */
export const MAX_TRACE_NAME_LENGTH = 1000;

/** Larger costs do not fit the column: 3.37 and 3.97 lose the insert batch, later servers clamp. */
export const MAX_COST_USD = 1_000_000;

const NUL = /\0/g;

/** Well-formed Unicode without U+0000: a lone surrogate loses the batch on v3 and v4, a NUL the event on v2. */
export function toCleanText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replace(NUL, '\u{FFFD}') : wellFormed;
}

/** The first `length` UTF-16 units at most, never ending in half a surrogate pair. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? length - 1 : length);
}

/** Token counts the server keeps: above 2^64 some versions lose the insert batch, fractions are dropped. */
export function isTokenCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

export function isCost(value: number): boolean {
  return Number.isFinite(value) && value >= 0 && value < MAX_COST_USD;
}
