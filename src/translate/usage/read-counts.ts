import { isObject, numberOf, type PlainObject, parsed } from '../attributes.js';
import { meaningOf } from './count-names.js';
import { COUNTS, FLAGS, hasWholes, type RawUsage } from './raw-usage.js';

/** Nobody states more, nor deeper; what does is not usage. */
const MAX_LEAVES = 200;
const MAX_DEPTH = 4;

/** One thing counted, under the path it has in the object. */
export type Leaf = readonly [key: string, count: number];

/** The numbers in an object, and in the objects in it; numbers as text and objects as JSON text as well. */
export function leavesOf(object: PlainObject): readonly Leaf[] {
  const leaves: Leaf[] = [];
  collect(object, '', 0, leaves);
  return leaves;
}

/** The same of one value, under the name it has. */
export function addLeaves(name: string, value: unknown, leaves: Leaf[]): void {
  collectValue(value, name, 0, leaves);
}

function collect(object: PlainObject, path: string, depth: number, leaves: Leaf[]): void {
  for (const key in object) {
    if (leaves.length >= MAX_LEAVES) return;
    collectValue(object[key], `${path}${key}`, depth, leaves);
  }
}

function collectValue(value: unknown, path: string, depth: number, leaves: Leaf[]): void {
  const count = numberOf(value);
  if (count !== undefined) leaves.push([path, count]);
  if (depth >= MAX_DEPTH) return;
  const inner = typeof value === 'string' && value.startsWith('{') ? parsed(value) : value;
  if (Array.isArray(inner)) collectModalities(inner, path, leaves);
  else if (isObject(inner)) collect(inner, `${path}.`, depth + 1, leaves);
}

/** Gemini: `promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 12 }]`. */
function collectModalities(list: readonly unknown[], path: string, leaves: Leaf[]): void {
  for (const item of list.slice(0, 10)) {
    const count = isObject(item) ? numberOf(item['tokenCount'] ?? item['token_count']) : undefined;
    if (isObject(item) && count !== undefined) leaves.push([`${path}.${String(item['modality'])}`, count]);
  }
}

/** What these numbers mean. Of two for one thing the first that is not zero counts: zero is also written for "unknown". */
export function readCounts(leaves: readonly Leaf[]): RawUsage {
  const usage: RawUsage = {};
  for (const [key, count] of leaves) {
    const meaning = meaningOf(key);
    if (meaning === undefined) continue;
    if (count < 0) {
      usage.isPartLeftOut = true;
      continue;
    }
    if (meaning === 'candidates') usage.isOutputExclusive = true;
    const name = meaning === 'candidates' ? 'output' : meaning;
    usage[name] = usage[name] || count;
  }
  return usage;
}

/**
 * Two accounts of what may be one call. Wholes that agree, or that are in one of the two only, make it one: then each
 * adds what the other leaves out. Else the first stands.
 */
export function merged(first: RawUsage, second: RawUsage): RawUsage {
  if (isEmpty(first)) return second;
  if (isEmpty(second)) return first;
  if (!hasWholes(second)) return filled(first, second);
  if (!hasWholes(first)) return filled(second, first);
  return agree(first, second) ? filled(second, first) : first;
}

function agree(a: RawUsage, b: RawUsage): boolean {
  return (
    meet(a.input, (a.cacheRead ?? 0) + (a.cacheWrite ?? 0), b.input, (b.cacheRead ?? 0) + (b.cacheWrite ?? 0)) &&
    meet(a.output, a.reasoning ?? 0, b.output, b.reasoning ?? 0)
  );
}

/** Equal, perhaps with the part that one of the two leaves out. */
function meet(a: number | undefined, partOfA: number, b: number | undefined, partOfB: number): boolean {
  if (a === undefined || b === undefined) return true;
  return a === b || a + partOfA === b || a === b + partOfB;
}

function filled(usage: RawUsage, more: RawUsage): RawUsage {
  const result = { ...usage };
  for (const name of COUNTS) {
    const count = more[name];
    if (count !== undefined && !result[name]) result[name] = count;
  }
  if (more.isPartLeftOut) result.isPartLeftOut = true;
  // What one includes says nothing of the other when they count differently.
  const isSameCount = usage.input === more.input || usage.input === undefined || more.input === undefined;
  if (!isSameCount) return result;
  for (const name of FLAGS) if (result[name] === undefined && more[name] !== undefined) result[name] = more[name];
  return result;
}

export function isEmpty(usage: RawUsage): boolean {
  for (const _ in usage) return false;
  return true;
}
