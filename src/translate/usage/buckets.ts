import { isTokenCount } from '../../wire-rules.js';
import type { CountName, RawUsage } from './raw-usage.js';

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
  const usage: { [key: string]: number } = {};
  addInputs(usage, counts, beside.cached);
  addOutputs(usage, counts, beside.reasoned);
  return withTotal(usage, total, raw.isRestReasoning === true && !counts.reasoning);
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

type Buckets = { [key: string]: number };

/** A part that is not there, or nothing, has no bucket. */
function addPart(usage: Buckets, key: string, tokens: number | undefined): void {
  if (tokens) usage[key] = tokens;
}

function addInputs(usage: Buckets, counts: Counts, isCachedBeside: boolean): void {
  const { input, cacheRead, toolInput = 0, audioInput = 0 } = counts;
  const cached = isCachedBeside ? 0 : cachedOf(counts);
  const left = input === undefined ? undefined : Math.max(0, input + toolInput - cached);
  const audio = Math.min(audioInput, left ?? audioInput);
  if (left !== undefined) usage['input'] = left - audio;
  addPart(usage, 'input_cached_tokens', cacheRead);
  addCacheWrites(usage, counts);
  addPart(usage, 'input_audio_tokens', audio);
}

/** One price, unless some of it was written for an hour. */
function addCacheWrites(usage: Buckets, { cacheWrite, cacheWrite5m = 0, cacheWrite1h = 0 }: Counts): void {
  const split = cacheWrite5m + cacheWrite1h;
  const written = cacheWrite ?? split;
  const isSplit = cacheWrite1h !== 0 && split <= written;
  addPart(usage, 'input_cache_creation', isSplit ? written - split : written);
  if (!isSplit) return;
  addPart(usage, 'input_cache_creation_5m', cacheWrite5m);
  addPart(usage, 'input_cache_creation_1h', cacheWrite1h);
}

function addOutputs(usage: Buckets, counts: Counts, isReasonedBeside: boolean): void {
  const { output, reasoning = 0, audioOutput = 0 } = counts;
  const left = output === undefined ? undefined : Math.max(0, output - (isReasonedBeside ? 0 : reasoning));
  const audio = Math.min(audioOutput, left ?? audioOutput);
  if (left !== undefined) usage['output'] = left - audio;
  addPart(usage, 'output_reasoning_tokens', reasoning);
  addPart(usage, 'output_audio_tokens', audio);
}

function cachedOf({ cacheRead = 0, cacheWrite, cacheWrite5m = 0, cacheWrite1h = 0 }: Counts): number {
  return cacheRead + (cacheWrite ?? cacheWrite5m + cacheWrite1h);
}

/** Zeros everywhere are what is written when nobody knew, and would keep the server from counting by itself. */
function withTotal(usage: Buckets, stated: number | undefined, isRestReasoning: boolean): UsageBuckets | undefined {
  let total = 0;
  for (const key in usage) total += usage[key] ?? 0;
  if (stated !== undefined && stated > total) {
    usage[restKey(usage, isRestReasoning)] = stated - total;
    total = stated;
  }
  if (total === 0 || !isTokenCount(total)) return undefined;
  usage['total'] = total;
  return usage;
}

function restKey(usage: Buckets, isRestReasoning: boolean): string {
  if (usage['input'] === undefined) return 'input';
  if (usage['output'] === undefined) return 'output';
  return isRestReasoning ? 'output_reasoning_tokens' : 'other';
}

type Counts = { readonly [name in CountName]: number | undefined };

function wholeCounts(raw: RawUsage): Counts {
  return {
    input: toCount(raw.input),
    output: toCount(raw.output),
    total: toCount(raw.total),
    cacheRead: toCount(raw.cacheRead),
    cacheWrite: toCount(raw.cacheWrite),
    cacheWrite5m: toCount(raw.cacheWrite5m),
    cacheWrite1h: toCount(raw.cacheWrite1h),
    reasoning: toCount(raw.reasoning),
    audioInput: toCount(raw.audioInput),
    audioOutput: toCount(raw.audioOutput),
    toolInput: toCount(raw.toolInput),
    uncached: toCount(raw.uncached),
    text: toCount(raw.text),
  };
}

/** A whole number of tokens; a fraction is rounded, because the server drops it. */
export function toCount(value: number | undefined): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined;
  const rounded = Math.round(value);
  return isTokenCount(rounded) ? rounded : undefined;
}
