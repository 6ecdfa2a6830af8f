import { isDate } from 'node:util/types';
import { toCleanText } from '../json-text.js';
import type { Json } from '../record.js';
import { toText } from '../runtime/to-text.js';
import { isForbiddenKey, MAX_VALUE_DEPTH, type WireChanges } from '../wire-rules.js';
import { quote } from './quote.js';

/** What stands in the place of something that cannot be written. */
const CIRCULAR: Json = '"[circular]"';
const UNREADABLE: Json = '"[unreadable]"';
const TOO_DEEP: Json = '"[nested too deep]"';
const TOO_MANY: Json = '"[too many values]"';

/** Objects that refer to each other in many ways unfold without end; nobody reads so many. */
const MAX_VALUES = 1_000_000;

/**
 * Any value as JSON, fit to leave. Unlike `JSON.stringify` it never throws for what a value is: cycles and what cannot be
 * read are named, what lies too deep becomes JSON text, a BigInt keeps its digits, bytes become base64, NaN its name, and
 * no `toJSON` of the application runs.
 *
 * @returns undefined for what JSON has no word for: undefined, functions and symbols.
 */
export function toJson(value: unknown, changes?: WireChanges): Json | undefined {
  return write(value, { ancestors: [], isText: false, budget: { values: MAX_VALUES }, changes, throws: false });
}

/** The same for who has to know that something could not be read. @throws what it throws. */
export function toJsonOrThrow(value: unknown): Json | undefined {
  const budget = { values: MAX_VALUES };
  return write(value, { ancestors: [], isText: false, budget, changes: undefined, throws: true });
}

/** Where in a value the writing is. */
interface Place {
  readonly ancestors: object[];
  /** Inside of JSON text that stands for what lies too deep: nothing deeper than that is kept. */
  readonly isText: boolean;
  readonly budget: { values: number };
  readonly changes: WireChanges | undefined;
  /** What cannot be read throws, instead of being named. */
  readonly throws: boolean;
}

function write(value: unknown, place: Place): Json | undefined {
  switch (typeof value) {
    case 'string':
      return quote(value, place.changes);
    case 'number':
      return Number.isFinite(value) ? String(value) : `"${value}"`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return `"${value}"`;
    case 'object':
      return value === null ? 'null' : writeReadable(value, place);
    default:
      return undefined;
  }
}

/** Getters throw, proxies are revoked, buffers are detached: that costs the value, and not its span. */
function writeReadable(value: object, place: Place): Json {
  const { ancestors } = place;
  const depth = ancestors.length;
  try {
    return writeObject(value, place);
  } catch (failure) {
    if (place.throws) throw failure;
    ancestors.length = depth;
    return UNREADABLE;
  }
}

function writeObject(value: object, place: Place): Json {
  const { ancestors } = place;
  if (value instanceof Date && isDate(value)) return writeDate(value);
  if (ArrayBuffer.isView(value)) return `"${toBase64(value)}"`;
  if (ancestors.includes(value)) return CIRCULAR;
  if (ancestors.length >= MAX_VALUE_DEPTH) return writeDeep(value, place);
  ancestors.push(value);
  const json = Array.isArray(value) || value instanceof Set ? writeArray(value, place) : writeEntries(value, place);
  ancestors.pop();
  return json;
}

/** By the built-in methods: a subclass may have others, which give any text. */
function writeDate(date: Date): Json {
  const time = Date.prototype.getTime.call(date);
  return Number.isNaN(time) ? 'null' : `"${new Date(time).toISOString()}"`;
}

function writeDeep(value: object, place: Place): Json {
  place.changes?.note('depth');
  if (place.isText) return TOO_DEEP;
  return JSON.stringify(writeObject(value, { ...place, ancestors: [], isText: true }));
}

function isSpent({ budget, changes }: Place): boolean {
  if (budget.values-- > 0) return false;
  changes?.note('size');
  return true;
}

function writeArray(values: Iterable<unknown>, place: Place): Json {
  const items: Json[] = [];
  for (const value of values) {
    if (isSpent(place)) {
      items.push(TOO_MANY);
      break;
    }
    items.push(write(value, place) ?? 'null');
  }
  return `[${items.join(',')}]`;
}

function writeEntries(value: object, place: Place): Json {
  const entries: Iterable<readonly [unknown, unknown]> = value instanceof Map ? value : Object.entries(value);
  let json = '';
  for (const [key, item] of entries) {
    if (isSpent(place)) break;
    const text = write(item, place);
    if (text === undefined) continue;
    const name = toText(key);
    if (isForbiddenKey(name)) {
      place.changes?.note('key');
      continue;
    }
    json += `${json === '' ? '' : ','}${quoteKey(name, place.changes)}:${text}`;
  }
  return `{${json}}`;
}

function toBase64(view: ArrayBufferView): string {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('base64');
}

/** The JSON of a text whose content is this JSON: how structures travel where only texts are allowed. */
export function asText(json: Json): Json {
  return json.charCodeAt(0) === 0x22 /* " */ ? json : JSON.stringify(json);
}

/** Bounded, so that invented keys cannot fill the memory. */
const MAX_CACHED_KEYS = 4096;
const MAX_CACHED_LENGTH = 100;
const quotedKeys = new Map<string, Json>();

/** `quote`, remembered: attribute keys repeat from span to span. What had to be mended is not, so that it is noted. */
export function quoteKey(key: string, changes?: WireChanges): Json {
  const known = quotedKeys.get(key);
  if (known !== undefined) return known;
  const clean = toCleanText(key, changes);
  const quoted = JSON.stringify(clean);
  if (clean === key && key.length <= MAX_CACHED_LENGTH && quotedKeys.size < MAX_CACHED_KEYS)
    quotedKeys.set(key, quoted);
  return quoted;
}

/** A key that may leave, without another look at one that was quoted before. */
export function toCleanKey(key: string, changes: WireChanges): string {
  if (quotedKeys.has(key)) return key;
  quoteKey(key);
  return quotedKeys.has(key) ? key : toCleanText(key, changes);
}
