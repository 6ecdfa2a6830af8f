import type { Attributes } from './values.js';

const PREFIXES = ['gen_ai.usage.', 'llm.token_count.'];

/** What the conventions call the same bucket; the first that is there wins (facts §7.1). */
const ALIASES = {
  input: ['prompt_tokens', 'input_tokens', 'prompt'],
  output: ['completion_tokens', 'output_tokens', 'completion'],
  total: ['total_tokens', 'total'],
  cacheRead: [
    'cache_read.input_tokens',
    'cache_read_input_tokens',
    'cache_read_tokens',
    'details.cache_read_tokens',
    'details.cache_read_input_tokens',
    'prompt_details.cache_read',
    'input_cached_tokens',
  ],
  cacheCreation: [
    'cache_creation.input_tokens',
    'cache_creation_input_tokens',
    'cache_write_tokens',
    'details.cache_write_tokens',
    'details.cache_creation_input_tokens',
    'prompt_details.cache_write',
    'input_cache_creation',
  ],
  reasoning: ['reasoning.output_tokens', 'completion_details.reasoning'],
  audio: ['completion_details.audio'],
} as const;

const KNOWN = new Set<string>(Object.values(ALIASES).flat());

export type Counts = Record<string, number>;

/** The server takes every input count to include cached tokens, and every output count to include reasoning. */
export function genericUsage(attributes: Attributes): Counts {
  const counts = collected(attributes);
  const first = (bucket: keyof typeof ALIASES): number | undefined =>
    ALIASES[bucket].map((alias) => counts.get(alias)).find((count) => count !== undefined);
  const input = first('input');
  const output = first('output');
  const cacheRead = first('cacheRead');
  const cacheCreation = first('cacheCreation');
  const reasoning = first('reasoning');
  const audio = first('audio');
  const others = [...counts]
    .filter(([key]) => !KNOWN.has(key))
    .map(([key, count]) => [key.replace(/^details\./, ''), count]);
  return {
    ...Object.fromEntries(others),
    ...defined('input', minus(input, cacheRead, cacheCreation)),
    ...defined('output', minus(output, reasoning, audio)),
    ...defined('total', first('total')),
    ...defined('input_cached_tokens', cacheRead),
    ...defined('input_cache_creation', cacheCreation),
    ...defined('output_reasoning_tokens', reasoning),
    ...defined('output_audio_tokens', audio),
  };
}

function collected(attributes: Attributes): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [key, value] of Object.entries(attributes)) {
    const prefix = PREFIXES.find((candidate) => key.startsWith(candidate));
    if (!prefix || key === 'gen_ai.usage.cost' || Number.isNaN(Number(value))) continue;
    counts.set(key.slice(prefix.length), Number(value));
  }
  return counts;
}

function minus(whole: number | undefined, ...parts: (number | undefined)[]): number | undefined {
  if (whole === undefined) return undefined;
  return Math.max(whole - parts.reduce<number>((sum, part) => sum + (part ?? 0), 0), 0);
}

function defined(key: string, count: number | undefined): Counts {
  return count === undefined ? {} : { [key]: count };
}
