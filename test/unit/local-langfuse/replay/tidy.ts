import type { RecordedAnswer } from './recording.js';

const MAX_TEXT = 4096;
const MAX_DEPTH = 40;
const MAX_KEYS = 300;

/** The recordings cut long texts, deep values and wide objects short; so an answer is cut before it is compared. */
export function tidy(answer: RecordedAnswer): RecordedAnswer {
  return { ...answer, body: cut(answer.body, 0) };
}

function cut(value: unknown, depth: number): unknown {
  if (typeof value === 'string') {
    return value.length > MAX_TEXT ? `${value.slice(0, 64)}… (${value.length} characters)` : value;
  }
  if (value === null || typeof value !== 'object') return value;
  if (depth > MAX_DEPTH) return '… (deeper)';
  if (Array.isArray(value)) return value.map((element) => cut(element, depth + 1));
  const entries = Object.entries(value).map(([key, inner]) => [key, cut(inner, depth + 1)]);
  return entries.length > MAX_KEYS ? { '…': `${entries.length} keys` } : Object.fromEntries(entries);
}
