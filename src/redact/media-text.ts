import { mayHaveDataUri, replaceDataUris } from './data-uris.js';
import type { TakeMedia } from './found-media.js';
import { hintsAtFile } from './media-hint.js';
import { mediaIn } from './media-part.js';
import { isDeeperThan } from './nesting.js';

/** A part with a file is longer. */
const LEAST_LENGTH = 40;
/** JSON text in JSON text in JSON text: each level is read once more. */
const MAX_NESTING = 3;
/** Deeper than any message. */
const MAX_DEPTH = 64;

/** One value in a JSON text, as it stands there, and what comes in its place. */
interface Swap {
  readonly from: string;
  readonly to: string;
}

/**
 * A text with its files replaced by what `take` gives for them: data URIs anywhere, and in JSON text the parts of
 * messages that have a file in base64 or in bytes. The rest of the text is not written anew: numbers, spaces and
 * order stay as they were. Takes time in proportion to the text, whatever is in it.
 */
export function replaceMedia(text: string, take: TakeMedia, nesting: number = 0): string {
  if (text.length < LEAST_LENGTH) return text;
  const rest = replaceDataUris(text, take);
  if (nesting >= MAX_NESTING || !mayHavePart(rest) || isDeeperThan(MAX_DEPTH, rest)) return rest;
  const parsed = parse(rest);
  if (parsed === undefined) return rest;
  const swaps: Swap[] = [];
  const changed = new PartWalk(take, nesting, swaps).replace(parsed);
  return swaps.length === 0 ? rest : (swapIn(rest, swaps) ?? JSON.stringify(changed));
}

/**
 * A first look: false for a value that `replaceMedia` would leave as it is, in itself or in its JSON text. Objects, and
 * lists in lists, are rare and not looked into: they may be as deep as they like.
 */
export function mayHaveFile(value: unknown): boolean {
  return Array.isArray(value) ? value.some(mayHaveFileItself) : mayHaveFileItself(value);
}

function mayHaveFileItself(value: unknown): boolean {
  if (typeof value === 'string') return mayHaveDataUri(value) || (value.length >= LEAST_LENGTH && mayHavePart(value));
  return typeof value === 'object' && value !== null;
}

/** JSON text in which a part of a message may have a file. */
function mayHavePart(text: string): boolean {
  return /^\s*[[{]/.test(text) && hintsAtFile(text);
}

class PartWalk {
  readonly #take: TakeMedia;
  readonly #nesting: number;
  readonly #swaps: Swap[];

  constructor(take: TakeMedia, nesting: number, swaps: Swap[]) {
    this.#take = take;
    this.#nesting = nesting;
    this.#swaps = swaps;
  }

  /** The same value, with files replaced, in the order of the text. */
  replace(value: unknown): unknown {
    if (typeof value === 'string') return this.#swap(value, replaceMedia(value, this.#take, this.#nesting + 1));
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.replace(item));
    const part = value as Readonly<{ [key: string]: unknown }>;
    const media = mediaIn(part);
    const entries = Object.entries(part).map(([key, item]) => {
      const token = key === media?.key ? this.#take(media.found) : undefined;
      return [key, token === undefined ? this.replace(item) : this.#swap(item, token)] as const;
    });
    return Object.fromEntries(entries);
  }

  #swap(from: unknown, to: string): string {
    if (from !== to) this.#swaps.push({ from: JSON.stringify(from), to: JSON.stringify(to) });
    return to;
  }
}

/** In one pass over the text; undefined when a value stands there in another spelling than ours. */
function swapIn(text: string, swaps: readonly Swap[]): string | undefined {
  let result = '';
  let done = 0;
  for (const { from, to } of swaps) {
    const at = text.indexOf(from, done);
    if (at === -1) return undefined;
    result += text.slice(done, at) + to;
    done = at + from.length;
  }
  return result + text.slice(done);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
