import type { JsonObject } from '../model.js';
import { isObject } from '../store/field-rules.js';
import { parsedJson } from './values.js';

/**
 * Usage or cost that a client gave as one JSON attribute (facts §7). `undefined` lets other sources speak; anything
 * readable but wrong silences them and gives nothing.
 */
export function explicitNumbers(value: unknown): JsonObject | undefined {
  if (!value) return undefined;
  if (typeof value !== 'string') return {};
  const parsed = parsedJson(value);
  if (parsed === undefined) return undefined;
  return isObject(parsed) ? parsed : {};
}
