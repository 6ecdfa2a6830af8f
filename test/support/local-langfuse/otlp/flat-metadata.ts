import { isObject } from '../store/field-rules.js';

/** Paths of keys to texts, as v4 stores metadata (facts §15): lists become JSON text, empty objects vanish. */
export function flatMetadata(metadata: object, path = ''): Record<string, string> {
  const entries = Object.entries(metadata).map(([key, value]) => {
    const name = `${path}${key}`;
    if (isObject(value)) return flatMetadata(value, `${name}.`);
    return { [name]: typeof value === 'string' ? value : JSON.stringify(value) };
  });
  return Object.assign({}, ...entries);
}
