import type { Attributes } from '../span.js';

/**
 * Attribute values as instrumentations really write them: numbers as text, JSON in strings, lists as JSON text or
 * comma-joined, "undefined" where nothing was meant. A reader gives what was meant, or undefined.
 */

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' || value === 'undefined' ? undefined : value;
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The first key that has a text. */
export function firstText(attributes: Attributes, ...keys: readonly string[]): string | undefined {
  return firstTextOf(attributes, keys);
}

/** The same for a list of keys, which is not copied for every span. */
export function firstTextOf(attributes: Attributes, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = textOf(attributes[key]);
    if (text !== undefined) return text;
  }
  return undefined;
}

export function firstNumber(attributes: Attributes, ...keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const number = numberOf(attributes[key]);
    if (number !== undefined) return number;
  }
  return undefined;
}

/** Something there is: not missing, not null, not an empty text. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** What a JSON text describes; any other value as it is; undefined for a text that is not JSON. */
export function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

export type PlainObject = Readonly<{ [key: string]: unknown }>;

export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object, also one written as JSON text. */
export function objectOf(value: unknown): PlainObject | undefined {
  const object = parsed(value);
  return isObject(object) ? object : undefined;
}

/** A list of texts: an array, JSON text of one, a comma-joined text, or a single text. */
export function textsOf(value: unknown): readonly string[] | undefined {
  const list = Array.isArray(value) ? value : listIn(textOf(value));
  const texts = list?.map(textOf).filter((text) => text !== undefined);
  return texts === undefined || texts.length === 0 ? undefined : texts;
}

function listIn(text: string | undefined): readonly unknown[] | undefined {
  if (text === undefined) return undefined;
  if (text.trimStart().startsWith('[')) {
    const list = parsed(text);
    if (Array.isArray(list)) return list;
    // A limit has cut it: the items that are whole.
    const whole = text.trimStart().startsWith('["') ? text.match(/"(?:[^"\\]|\\.)*"/g) : null;
    if (whole) return whole.map((item) => parsed(item));
  }
  return text.includes(',') ? text.split(',').map((part) => part.trim()) : [text];
}

/** True for `true` and "true"; false for `false` and "false"; else undefined. */
export function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' ? false : undefined;
}
