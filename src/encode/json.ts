import type { Json } from '../model.js';
import { MAX_JSON_DEPTH, toCleanText } from '../wire-rules.js';

/** What stands in the place of something that cannot be written. */
const CIRCULAR: Json = '"[circular]"';
const TOO_DEEP: Json = '"[nested too deep]"';

/** A text as JSON, fit to leave (`wire-rules.ts`). */
export function quote(text: string): Json {
  return JSON.stringify(toCleanText(text));
}

/**
 * Any value as JSON, fit to leave. Unlike `JSON.stringify` it never throws for what a value is: cycles and what lies
 * too deep are named, a BigInt keeps its digits, bytes become base64, NaN its name, and no `toJSON` of the
 * application runs. A throwing getter still throws.
 *
 * @returns undefined for what JSON has no word for: undefined, functions and symbols.
 */
export function toJson(value: unknown): Json | undefined {
  return write(value, []);
}

function write(value: unknown, ancestors: object[]): Json | undefined {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : `"${value}"`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return `"${value}"`;
    case 'object':
      return value === null ? 'null' : writeObject(value, ancestors);
    default:
      return undefined;
  }
}

function writeObject(value: object, ancestors: object[]): Json {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'null' : `"${value.toISOString()}"`;
  if (ArrayBuffer.isView(value)) return `"${toBase64(value)}"`;
  if (ancestors.includes(value)) return CIRCULAR;
  if (ancestors.length >= MAX_JSON_DEPTH) return TOO_DEEP;
  ancestors.push(value);
  const json =
    Array.isArray(value) || value instanceof Set ? writeArray(value, ancestors) : writeEntries(value, ancestors);
  ancestors.pop();
  return json;
}

function writeArray(values: Iterable<unknown>, ancestors: object[]): Json {
  const items: Json[] = [];
  for (const value of values) items.push(write(value, ancestors) ?? 'null');
  return `[${items.join(',')}]`;
}

function writeEntries(value: object, ancestors: object[]): Json {
  const entries: Iterable<readonly [unknown, unknown]> = value instanceof Map ? value : Object.entries(value);
  let json = '';
  for (const [key, item] of entries) {
    const text = write(item, ancestors);
    if (text === undefined || key === '__proto__') continue;
    json += `${json === '' ? '' : ','}${quote(String(key))}:${text}`;
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
const quotedKeys = new Map<string, Json>();

/** `quote`, remembered: attribute keys repeat from span to span. */
export function quoteKey(key: string): Json {
  const known = quotedKeys.get(key);
  if (known !== undefined) return known;
  const quoted = quote(key);
  if (quotedKeys.size < MAX_CACHED_KEYS) quotedKeys.set(key, quoted);
  return quoted;
}
