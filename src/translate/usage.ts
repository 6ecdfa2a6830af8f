import { isCost, isTokenCount } from '../wire-rules.js';

/** Counts as a provider or an instrumentation states them; absent where nobody said. */
export interface RawUsage {
  input?: number | undefined;
  output?: number | undefined;
  total?: number | undefined;
  cacheRead?: number | undefined;
  cacheWrite?: number | undefined;
  reasoning?: number | undefined;
  audioInput?: number | undefined;
  audioOutput?: number | undefined;
  /** The source is known to leave cached tokens out of `input`. */
  isInputExclusive?: boolean | undefined;
}

/**
 * Tokens by Langfuse's canonical keys, in buckets that do not overlap: the server charges each of them.
 *
 * Most sources include cached tokens in `input` and reasoning tokens in `output` (OpenTelemetry GenAI conventions),
 * some do not (Anthropic's own counts, Gemini's candidates). Where the numbers tell, they decide: a part cannot be
 * larger than the whole, and a stated total shows what was added up.
 */
export function toUsage(raw: RawUsage): Readonly<{ [key: string]: number }> | undefined {
  const counts = wholeCounts(raw);
  const { input, output, total, cacheRead, cacheWrite, reasoning, audioInput, audioOutput } = counts;
  if (input === undefined && output === undefined) return total ? { input: total, total } : undefined;
  return withTotal({
    input: input === undefined ? undefined : less(input, cachedIn(counts, raw.isInputExclusive), audioInput ?? 0),
    output: output === undefined ? undefined : less(output, reasonedIn(counts), audioOutput ?? 0),
    input_cached_tokens: cacheRead || undefined,
    input_cache_creation: cacheWrite || undefined,
    output_reasoning_tokens: reasoning || undefined,
    input_audio_tokens: audioInput || undefined,
    output_audio_tokens: audioOutput || undefined,
  });
}

/** The cached tokens that are part of `input`. */
function cachedIn(counts: Counts, isExclusive: boolean | undefined): number {
  const cached = (counts.cacheRead ?? 0) + (counts.cacheWrite ?? 0);
  const isBeside = (counts.input ?? 0) < cached || (isExclusive ?? isTotalWith(counts, cached));
  return isBeside ? 0 : cached;
}

/** The reasoning tokens that are part of `output`. */
function reasonedIn(counts: Counts): number {
  const reasoned = counts.reasoning ?? 0;
  return (counts.output ?? 0) < reasoned || isTotalWith(counts, reasoned) ? 0 : reasoned;
}

/** The stated total is what comes out when `part` is added to input and output, so it was not in them. */
function isTotalWith({ input, output, total }: Counts, part: number): boolean {
  return part > 0 && (input ?? 0) + (output ?? 0) + part === total;
}

function less(whole: number, ...parts: readonly number[]): number {
  return Math.max(
    0,
    parts.reduce((left, part) => left - part, whole),
  );
}

type Counts = { readonly [name in Exclude<keyof RawUsage, 'isInputExclusive'>]: number | undefined };

function wholeCounts(raw: RawUsage): Counts {
  return {
    input: count(raw.input),
    output: count(raw.output),
    total: count(raw.total),
    cacheRead: count(raw.cacheRead),
    cacheWrite: count(raw.cacheWrite),
    reasoning: count(raw.reasoning),
    audioInput: count(raw.audioInput),
    audioOutput: count(raw.audioOutput),
  };
}

/** Zeros everywhere are what is written when nobody knew, and would keep the server from counting by itself. */
function withTotal(buckets: {
  readonly [key: string]: number | undefined;
}): Readonly<{ [key: string]: number }> | undefined {
  const usage: { [key: string]: number } = {};
  let total = 0;
  for (const key in buckets) {
    const tokens = buckets[key];
    if (tokens === undefined) continue;
    usage[key] = tokens;
    total += tokens;
  }
  return total === 0 ? undefined : { ...usage, total };
}

/** A whole number of tokens; a fraction is rounded, because the server drops it. */
function count(value: number | undefined): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined;
  const rounded = Math.round(value);
  return isTokenCount(rounded) ? rounded : undefined;
}

/** Usage in Langfuse's own keys, or in one of OpenAI's two shapes, which the server would not split by itself on v4. */
export function explicitUsage(
  stated: Readonly<{ [key: string]: unknown }>,
): Readonly<{ [key: string]: number }> | undefined {
  const fromOpenAi = openAiUsage(stated);
  if (fromOpenAi) return toUsage(fromOpenAi);
  const usage: { [key: string]: number } = {};
  for (const key in stated) {
    const tokens = typeof stated[key] === 'string' ? Number(stated[key]) : stated[key];
    const whole = typeof tokens === 'number' ? count(tokens) : undefined;
    if (whole !== undefined && key !== '') usage[key] = whole;
  }
  return Object.keys(usage).length === 0 ? undefined : usage;
}

function openAiUsage(stated: Readonly<{ [key: string]: unknown }>): RawUsage | undefined {
  const number = (of: unknown, key: string): number | undefined => {
    const value = typeof of === 'object' && of !== null ? (of as { readonly [key: string]: unknown })[key] : undefined;
    return typeof value === 'number' ? value : undefined;
  };
  const isChat = 'prompt_tokens' in stated && 'completion_tokens' in stated;
  const isResponses = 'input_tokens' in stated && 'output_tokens' in stated && 'total_tokens' in stated;
  if (!isChat && !isResponses) return undefined;
  const inputDetails = stated[isChat ? 'prompt_tokens_details' : 'input_tokens_details'];
  const outputDetails = stated[isChat ? 'completion_tokens_details' : 'output_tokens_details'];
  return {
    input: number(stated, isChat ? 'prompt_tokens' : 'input_tokens'),
    output: number(stated, isChat ? 'completion_tokens' : 'output_tokens'),
    total: number(stated, 'total_tokens'),
    cacheRead: number(inputDetails, 'cached_tokens'),
    audioInput: number(inputDetails, 'audio_tokens'),
    reasoning: number(outputDetails, 'reasoning_tokens'),
    audioOutput: number(outputDetails, 'audio_tokens'),
  };
}

/** Dollars that the server keeps, always with a total: without one it shows none. */
export function toCost(stated: Readonly<{ [key: string]: unknown }>): Readonly<{ [key: string]: number }> | undefined {
  const cost: { [key: string]: number } = {};
  let sum = 0;
  for (const key in stated) {
    const value = typeof stated[key] === 'string' ? Number(stated[key]) : stated[key];
    if (typeof value !== 'number' || !isCost(value) || key === '') continue;
    cost[key] = value;
    if (key !== 'total') sum += value;
  }
  if (Object.keys(cost).length === 0) return undefined;
  cost['total'] ??= sum;
  return cost;
}
