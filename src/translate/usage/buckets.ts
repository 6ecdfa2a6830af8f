import { isTokenCount, type WireChanges } from '../../wire-rules.js';
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
 *
 * @param changes - told when a stated number is one that no server keeps.
 */
export function toUsage(raw: RawUsage, changes?: WireChanges): UsageBuckets | undefined {
  if (raw.isPartLeftOut) changes?.note('number');
  if (raw.input === undefined && raw.output === undefined && raw.total === undefined) return undefined;
  const counts = wholeCounts(raw, changes);
  const { input, output, total } = counts;
  if (input === undefined && output === undefined) return total ? { input: total, total } : undefined;
  const beside = partsBeside(counts, raw);
  const usage: { [key: string]: number } = {};
  addInputs(usage, counts, beside.cached);
  addOutputs(usage, counts, beside.reasoned);
  addRest(usage, total, raw.isRestReasoning === true && !counts.reasoning);
  return withTotal(usage, changes);
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

/** What a stated total has beyond all parts. */
function addRest(usage: Buckets, stated: number | undefined, isRestReasoning: boolean): void {
  const total = sumOf(usage);
  if (stated !== undefined && stated > total) usage[restKey(usage, isRestReasoning)] = stated - total;
}

/** Zeros everywhere are what is written when nobody knew, and would keep the server from counting by itself. */
function withTotal(usage: Buckets, changes: WireChanges | undefined): UsageBuckets | undefined {
  const total = sumOf(usage);
  if (total === 0) return undefined;
  const kept = toCount(total, changes);
  if (kept === undefined) return undefined;
  usage['total'] = kept;
  return usage;
}

function restKey(usage: Buckets, isRestReasoning: boolean): string {
  if (usage['input'] === undefined) return 'input';
  if (usage['output'] === undefined) return 'output';
  return isRestReasoning ? 'output_reasoning_tokens' : 'other';
}

function sumOf(usage: Buckets): number {
  let sum = 0;
  for (const key in usage) sum += usage[key] ?? 0;
  return sum;
}

type Counts = { readonly [name in CountName]: number | undefined };

function wholeCounts(raw: RawUsage, changes: WireChanges | undefined): Counts {
  return {
    input: toCount(raw.input, changes),
    output: toCount(raw.output, changes),
    total: toCount(raw.total, changes),
    cacheRead: toCount(raw.cacheRead, changes),
    cacheWrite: toCount(raw.cacheWrite, changes),
    cacheWrite5m: toCount(raw.cacheWrite5m, changes),
    cacheWrite1h: toCount(raw.cacheWrite1h, changes),
    reasoning: toCount(raw.reasoning, changes),
    audioInput: toCount(raw.audioInput, changes),
    audioOutput: toCount(raw.audioOutput, changes),
    toolInput: toCount(raw.toolInput, changes),
    uncached: toCount(raw.uncached, changes),
    text: toCount(raw.text, changes),
  };
}

/** A whole number of tokens; a fraction is rounded, because the server drops it. */
export function toCount(value: number | undefined, changes?: WireChanges): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined;
  const rounded = Math.round(value);
  if (isTokenCount(rounded)) return rounded;
  changes?.note('number');
  return undefined;
}
