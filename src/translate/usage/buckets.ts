import { isTokenCount } from '../../wire-rules.js';
import { COUNTS, type CountName, type RawUsage } from './raw-usage.js';

/** Tokens by Langfuse's keys. */
export type UsageBuckets = Readonly<{ [key: string]: number }>;

/**
 * Tokens by Langfuse's canonical keys, in buckets that do not overlap: the server charges each of them, and their sum
 * is `total`.
 *
 * Most sources include cached tokens in `input` and reasoning tokens in `output` (OpenTelemetry GenAI conventions),
 * some do not (Anthropic's and Bedrock's own counts, Gemini's candidates). Where the numbers tell, they decide: a part
 * cannot be larger than the whole, and a stated total shows what was added up. What a stated total has beyond all that
 * was named is `other`: it was charged, nobody said as what.
 */
export function toUsage(raw: RawUsage): UsageBuckets | undefined {
  if (raw.input === undefined && raw.output === undefined && raw.total === undefined) return undefined;
  const counts = wholeCounts(raw);
  const { input, output, total } = counts;
  if (input === undefined && output === undefined) return total ? { input: total, total } : undefined;
  const beside = partsBeside(counts, raw);
  const inputs = inputBuckets(counts, beside.cached);
  const outputs = outputBuckets(counts, beside.reasoned);
  return withTotal({ ...inputs, ...outputs }, total, raw.isRestReasoning === true && !counts.reasoning);
}

interface Beside {
  /** Cached tokens are not part of `input`. */
  readonly cached: boolean;
  /** Reasoning tokens are not part of `output`. */
  readonly reasoned: boolean;
}

function partsBeside(counts: Counts, raw: RawUsage): Beside {
  const { input = 0, output = 0, reasoning = 0, uncached, text } = counts;
  const cached = cachedOf(counts);
  // The parts without which no total comes out: both, or one of them.
  const sum = input + output;
  const isSum = (more: number): boolean => more > 0 && sum + more === counts.total;
  const both = cached > 0 && reasoning > 0 && isSum(cached + reasoning);
  const isCachedBeside =
    uncached === undefined || cached === 0
      ? both || isSum(cached) || (raw.isInputExclusive ?? false)
      : uncached === input;
  const isReasonedBeside =
    text === undefined || reasoning === 0
      ? both || isSum(reasoning) || (raw.isOutputExclusive ?? false)
      : text === output;
  return { cached: input < cached || isCachedBeside, reasoned: output < reasoning || isReasonedBeside };
}

type Buckets = { readonly [key: string]: number | undefined };

function inputBuckets(counts: Counts, isCachedBeside: boolean): Buckets {
  const { input, cacheRead, toolInput = 0, audioInput = 0 } = counts;
  const cached = isCachedBeside ? 0 : cachedOf(counts);
  const left = input === undefined ? undefined : Math.max(0, input + toolInput - cached);
  const audio = Math.min(audioInput, left ?? audioInput);
  return {
    input: left === undefined ? undefined : left - audio,
    input_cached_tokens: cacheRead || undefined,
    ...cacheWriteBuckets(counts),
    input_audio_tokens: audio || undefined,
  };
}

/** One price, unless some of it was written for an hour. */
function cacheWriteBuckets({ cacheWrite, cacheWrite5m = 0, cacheWrite1h = 0 }: Counts): Buckets {
  const split = cacheWrite5m + cacheWrite1h;
  const written = cacheWrite ?? split;
  if (cacheWrite1h === 0 || split > written) return { input_cache_creation: written || undefined };
  return {
    input_cache_creation: written - split || undefined,
    input_cache_creation_5m: cacheWrite5m || undefined,
    input_cache_creation_1h: cacheWrite1h,
  };
}

function outputBuckets(counts: Counts, isReasonedBeside: boolean): Buckets {
  const { output, reasoning = 0, audioOutput = 0 } = counts;
  const left = output === undefined ? undefined : Math.max(0, output - (isReasonedBeside ? 0 : reasoning));
  const audio = Math.min(audioOutput, left ?? audioOutput);
  return {
    output: left === undefined ? undefined : left - audio,
    output_reasoning_tokens: reasoning || undefined,
    output_audio_tokens: audio || undefined,
  };
}

function cachedOf({ cacheRead = 0, cacheWrite, cacheWrite5m = 0, cacheWrite1h = 0 }: Counts): number {
  return cacheRead + (cacheWrite ?? cacheWrite5m + cacheWrite1h);
}

/** Zeros everywhere are what is written when nobody knew, and would keep the server from counting by itself. */
function withTotal(buckets: Buckets, stated: number | undefined, isRestReasoning: boolean): UsageBuckets | undefined {
  const usage: { [key: string]: number } = {};
  let total = 0;
  const add = (key: string, tokens: number): void => {
    usage[key] = tokens;
    total += tokens;
  };
  for (const key in buckets) {
    const tokens = buckets[key];
    if (tokens !== undefined) add(key, tokens);
  }
  if (stated !== undefined && stated > total) {
    const rest = stated - total;
    if (usage['input'] === undefined) add('input', rest);
    else if (usage['output'] === undefined) add('output', rest);
    else add(isRestReasoning ? 'output_reasoning_tokens' : 'other', rest);
  }
  return total === 0 || !isTokenCount(total) ? undefined : { ...usage, total };
}

type Counts = { readonly [name in CountName]?: number };

function wholeCounts(raw: RawUsage): Counts {
  const counts: { [name in CountName]?: number } = {};
  for (const name of COUNTS) {
    const tokens = toCount(raw[name]);
    if (tokens !== undefined) counts[name] = tokens;
  }
  return counts;
}

/** A whole number of tokens; a fraction is rounded, because the server drops it. */
export function toCount(value: number | undefined): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined;
  const rounded = Math.round(value);
  return isTokenCount(rounded) ? rounded : undefined;
}
