/**
 * What may leave the process. Langfuse v3 and v4 answer 200 before they store anything, and lose a whole insert batch
 * over one value that their database refuses; so these rules hold for every byte we send. Measured on 2.95 … 4.16.
 */

/** Deeper JSON makes v2 answer 500 and the reading API of v4 fail; what lies deeper becomes JSON text. */
export const MAX_JSON_DEPTH = 100;

/** Of one value, which leaves room for the request around it. */
export const MAX_VALUE_DEPTH = 90;

/** The server takes longer trace names for invalid since 3.0.0. */
export const MAX_TRACE_NAME_LENGTH = 1000;

/** Larger costs do not fit the column: 3.37 and 3.97 lose the insert batch, later servers clamp. */
export const MAX_COST_USD = 1_000_000;

/** What a rule may change about a span that breaks it, and what that means. */
export const REPAIRS = {
  unicode: 'half a character (a lone surrogate) or U+0000 became U+FFFD',
  number: 'a token count, a cost or a prompt version that no server keeps was left out',
  id: 'an id that is not lower-case hex of the right length was replaced by one made from it',
  environment: 'the environment was brought into the form that every server takes',
  key: 'a key that servers refuse (__proto__) was left out',
} as const;

/** What may be missing of a span's content, and why. */
export const TRUNCATIONS = {
  depth: 'content that is nested too deep became JSON text at that point',
  size: 'the largest content was cut to what the server takes',
} as const;

export type RepairKind = keyof typeof REPAIRS;
export type TruncationKind = keyof typeof TRUNCATIONS;
export type ChangeKind = RepairKind | TruncationKind;

/** What had to be changed about one span. Allocates nothing while nothing is. */
export class WireChanges {
  #kinds: Set<ChangeKind> | undefined;

  /** @param before - what had to be changed already. */
  constructor(before?: readonly ChangeKind[]) {
    if (before !== undefined) this.#kinds = new Set(before);
  }

  note(kind: ChangeKind): void {
    this.#kinds ??= new Set();
    this.#kinds.add(kind);
  }

  /** Undefined when nothing was changed. */
  get kinds(): readonly ChangeKind[] | undefined {
    return this.#kinds && [...this.#kinds];
  }
}

const NUL = /\0/g;

/**
 * Well-formed Unicode without U+0000: a lone surrogate loses the batch on v3 and v4, a NUL the event on v2. A text
 * that is so already is returned as it is, uncopied.
 */
export function toWellText(text: string, changes?: WireChanges): string {
  let clean = text.isWellFormed() ? text : text.toWellFormed();
  if (clean.includes('\0')) clean = clean.replace(NUL, '\u{FFFD}');
  if (clean !== text) changes?.note('unicode');
  return clean;
}

/** The first `length` UTF-16 units at most, never ending in half a surrogate pair. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? length - 1 : length);
}

/** Token counts the server keeps: above 2^64 some versions lose the insert batch, fractions are dropped. */
export function isTokenCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

export function isCost(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < MAX_COST_USD;
}

/** The column is 16 bits wide. */
export function isPromptVersion(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;
}

/** The one key that 3.97 rejects an event for, and others drop. */
export function isForbiddenKey(key: unknown): boolean {
  return key === '__proto__';
}

const ENVIRONMENT = /^(?!langfuse)[a-z0-9-_]+$/;
const LONGEST_ENVIRONMENT = 40;

/**
 * A name of an environment as every server takes it: lower case, at most 40 of `a-z0-9-_`, not beginning with
 * `langfuse`. Before 3.161 a server rejects the whole event over another one; what cannot be mended is `default`.
 */
export function toEnvironment(name: string, changes?: WireChanges): string {
  if (name.length <= LONGEST_ENVIRONMENT && ENVIRONMENT.test(name)) return name;
  changes?.note('environment');
  const mended = name
    .trim()
    .toLowerCase()
    .replace(/^(langfuse[-_]?)+/, '')
    .slice(0, LONGEST_ENVIRONMENT);
  return ENVIRONMENT.test(mended) ? mended : 'default';
}
