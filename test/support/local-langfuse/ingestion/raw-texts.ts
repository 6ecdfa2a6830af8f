import type { JsonObject } from '../model.js';

/**
 * The texts of an event that reach the database as they are. What is nested in input, output or metadata is turned
 * into JSON text first, which escapes a lone surrogate and so makes it harmless.
 */
export function rawTexts(body: JsonObject): string[] {
  const { metadata, ...fields } = body;
  const texts = Object.values(fields).flatMap(textsOf);
  if (metadata === null || typeof metadata !== 'object') return [...texts, ...textsOf(metadata)];
  return [...texts, ...Object.keys(metadata), ...Object.values(metadata).flatMap(textsOf)];
}

export function hasLoneSurrogate(text: string): boolean {
  return !text.isWellFormed();
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((element) => typeof element === 'string') : [];
}
