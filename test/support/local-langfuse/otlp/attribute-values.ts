import { isObject } from '../store/field-rules.js';
import type { Attributes } from './values.js';

/** OTLP key-value list to a plain object (facts §1.1): the last of equal keys wins, `__proto__` gets lost. */
export function decodedAttributes(list: unknown): Attributes {
  const entries: unknown[] = Array.isArray(list) ? list : [];
  return Object.fromEntries(entries.map(decodedEntry).filter(([key]) => key !== '__proto__'));
}

function decodedEntry(entry: unknown): [string, unknown] {
  if (!isObject(entry)) throw new TypeError('attribute is no object');
  return [String(entry['key']), decodedValue(entry['value'])];
}

/** Throws where the server throws, and so loses the whole request (§17): no wrapper object, also inside arrays. */
function decodedValue(wrapper: unknown): unknown {
  if (!isObject(wrapper)) throw new TypeError('attribute without a value');
  const { stringValue, doubleValue, boolValue, arrayValue, intValue } = wrapper;
  if (stringValue !== undefined) return stringValue;
  if (doubleValue !== undefined) return decodedDouble(doubleValue);
  if (boolValue !== undefined) return boolValue;
  if (isObject(arrayValue) && Array.isArray(arrayValue['values'])) return arrayValue['values'].map(decodedValue);
  // Maps, bytes and nothing at all stay what they were on the wire, as text.
  return decodedInteger(intValue) ?? JSON.stringify(wrapper);
}

function decodedDouble(value: unknown): unknown {
  return typeof value === 'string' && Number.isFinite(Number(value)) ? Number(value) : value;
}

function decodedInteger(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return Number.isNaN(Number(value)) ? undefined : Number(value);
  return isObject(value) ? joinedHalves(Number(value['low']), Number(value['high'])) : undefined;
}

/** `low` is signed, which makes most numbers beyond 31 bits wrong: the server's arithmetic, kept. */
function joinedHalves(low: number, high: number): number {
  if (high === 0) return low;
  return low === -1 && high === -1 ? -1 : high * 2 ** 32 + low;
}
