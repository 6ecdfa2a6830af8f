import { isObject } from '../store/field-rules.js';

/** Decoded attributes of a span, event, scope or resource. */
export type Attributes = Readonly<Record<string, unknown>>;

/** The mapping's notion of "there": 0 and false count, empty text, lists and objects do not (facts: preamble). */
export function isMeaningful(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
}

/** `undefined` for what is no JSON. */
export function parsedJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

/** Parsed where it is JSON text, as it is otherwise. */
export function parsedOrRaw(value: unknown): unknown {
  return typeof value === 'string' ? (parsedJson(value) ?? value) : value;
}

export function jsonText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `toString()` of what is there, as the AI SDK rules want it. */
export function plainText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

export function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

export function firstTruthy(attributes: Attributes, keys: readonly string[]): unknown {
  return keys.map((key) => attributes[key]).find(Boolean);
}

export function firstPresent(attributes: Attributes, keys: readonly string[]): unknown {
  const key = keys.find((candidate) => candidate in attributes);
  return key === undefined ? undefined : attributes[key];
}

export function firstNotNull(attributes: Attributes, keys: readonly string[]): unknown {
  return keys.map((key) => attributes[key]).find((value) => value !== undefined && value !== null);
}

export function hasAny(attributes: Attributes, keys: readonly string[]): boolean {
  return keys.some((key) => isMeaningful(attributes[key]));
}

/** A field of something that may be no object. */
export function fieldOf(owner: unknown, key: string): unknown {
  return isObject(owner) ? owner[key] : undefined;
}
