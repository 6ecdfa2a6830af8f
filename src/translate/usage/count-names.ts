import type { CountName } from './raw-usage.js';

/** What a key counts; `candidates` is output that never includes reasoning (Gemini). */
export type Meaning = CountName | 'candidates';

/** Keys repeat from span to span; invented ones must not fill the memory. */
const MAX_CACHED = 2048;
const known = new Map<string, Meaning | undefined>();

/**
 * What a key of a usage object counts, by its words and not by its spelling: `cache_read.input_tokens`,
 * `inputTokenDetails.cacheReadTokens`, `prompt_tokens_details.cached_tokens` and what the next library invents are all
 * tokens read from a cache. Parts of objects inside are joined by dots.
 */
export function meaningOf(key: string): Meaning | undefined {
  if (known.has(key)) return known.get(key);
  const meaning = inWords(wordsOf(key));
  if (known.size < MAX_CACHED) known.set(key, meaning);
  return meaning;
}

export function wordsOf(key: string): readonly string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/ephemeral(\d)/i, 'ephemeral $1')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Other quantities than tokens, or counts of what is counted already. */
const UNRELATED: ReadonlySet<string> = new Set([
  ...['cost', 'costs', 'price', 'estimated', 'context', 'limit', 'max', 'budget', 'ratio', 'rate', 'percent'],
  ...['per', 'second', 'seconds', 'ms', 'duration', 'characters', 'request', 'requests', 'search', 'searches'],
  ...['prediction', 'image', 'images', 'video', 'document'],
]);

const INPUT: ReadonlySet<string> = new Set(['input', 'prompt']);
const OUTPUT: ReadonlySet<string> = new Set([
  ...['output', 'completion', 'candidates', 'generation', 'generated', 'response'],
]);
const CACHED: ReadonlySet<string> = new Set(['cache', 'cached', 'ephemeral']);
const UNCACHED: ReadonlySet<string> = new Set(['uncached']);
const NOT: ReadonlySet<string> = new Set(['no', 'miss']);
const WRITTEN: ReadonlySet<string> = new Set([
  'write',
  'written',
  'creation',
  'create',
  'created',
  '5m',
  '1h',
  'ephemeral',
]);
const REASONED: ReadonlySet<string> = new Set(['reasoning', 'thoughts', 'thought', 'thinking']);
const AUDIO: ReadonlySet<string> = new Set(['audio']);
const TEXT: ReadonlySet<string> = new Set(['text']);
const MODALITIES: ReadonlySet<string> = new Set(['text', 'audio']);
const TOOL: ReadonlySet<string> = new Set(['tool']);
const DETAILS: ReadonlySet<string> = new Set(['details', 'detail']);
/** Say nothing about what is counted. */
const FILLING: ReadonlySet<string> = new Set([
  ...['token', 'tokens', 'count', 'counts', 'usage', 'billed', 'units', 'num'],
]);

type Rule = readonly [applies: (says: Says) => boolean, meaning: (says: Says, words: readonly string[]) => Answer];
type Says = (words: ReadonlySet<string>) => boolean;
type Answer = Meaning | undefined;

/** The first that applies answers. */
const RULES: readonly Rule[] = [
  [(says) => says(UNRELATED), () => undefined],
  [(says) => says(UNCACHED) || (says(NOT) && says(CACHED)), () => 'uncached'],
  // By modality: parts of the cached tokens, which are counted as a whole elsewhere.
  [(says) => says(CACHED) && says(MODALITIES), () => undefined],
  [(says) => says(CACHED), (says, words) => (says(WRITTEN) ? (lifetime(words) ?? 'cacheWrite') : 'cacheRead')],
  [(says) => says(REASONED), () => 'reasoning'],
  [(says) => says(AUDIO), (says) => (says(INPUT) ? 'audioInput' : says(OUTPUT) ? 'audioOutput' : undefined)],
  [(says) => says(TOOL), (says) => (says(INPUT) ? 'toolInput' : undefined)],
  [(says) => says(TEXT) && says(DETAILS), (says) => (says(OUTPUT) ? 'text' : undefined)],
];

function inWords(words: readonly string[]): Answer {
  const says: Says = (some) => words.some((word) => some.has(word));
  const rule = RULES.find(([applies]) => applies(says));
  return rule === undefined ? whole(words) : rule[1](says, words);
}

/** Anthropic's cache entries live for five minutes or an hour, at different prices. */
function lifetime(words: readonly string[]): Answer {
  if (words.includes('5m')) return 'cacheWrite5m';
  return words.includes('1h') ? 'cacheWrite1h' : undefined;
}

/** Whole counts say nothing but that: `input_tokens` is one, `details.input_tokens` and `text.input_tokens` are not. */
function whole(words: readonly string[]): Answer {
  const special = SPECIAL.get(words.join(' '));
  if (special !== undefined) return special;
  const rest = words.filter((word) => !FILLING.has(word) && word !== 'total');
  if (rest.length !== 1) return rest.length === 0 ? 'total' : undefined;
  const [word = ''] = rest;
  if (INPUT.has(word)) return 'input';
  if (word === 'candidates') return 'candidates';
  return OUTPUT.has(word) ? 'output' : undefined;
}

/** Amazon Titan and Ollama. */
const SPECIAL: ReadonlyMap<string, Meaning> = new Map([
  ['input text token count', 'input'],
  ['prompt eval count', 'input'],
  ['eval count', 'output'],
]);
