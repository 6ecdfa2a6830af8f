import type { Json } from '../record.js';
import { quoteKey } from './json.js';

/** Bounded, so that invented keys cannot fill the memory. */
const MAX_CACHED = 1024;

/** Everything before the value of a further attribute whose key begins with `prefix`, by the rest of the key. */
export function openingsUnder(prefix: string): (key: string) => Json {
  const known = new Map<string, Json>();
  return (key) => {
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const opening = openingOf(`${prefix}.${key}`);
    if (known.size < MAX_CACHED) known.set(key, opening);
    return opening;
  };
}

/** The same of one key. */
export function openingOf(key: string): Json {
  return `,{"key":${quoteKey(key)},"value":`;
}
