import { isObject } from '../store/field-rules.js';
import { type Attributes, fieldOf } from './values.js';

type Counts = Record<string, unknown>;

/** Scope "ai" (facts §7, 3): input and output are always there, 0 when nobody counted. `undefined` on broken JSON. */
export function aiSdkUsage(attributes: Attributes): Counts | undefined {
  try {
    const counts = { ...detailCounts(attributes) };
    const metadata = attributes['ai.response.providerMetadata'];
    if (metadata) addProviderCounts(counts, JSON.parse(String(metadata)));
    const input = count(attributes, 'prompt', 'input') ?? 0;
    const output = count(attributes, 'completion', 'output') ?? 0;
    const total = 'ai.usage.tokens' in attributes ? { total: parsedInt(attributes['ai.usage.tokens']) } : {};
    return {
      ...counts,
      ...total,
      input: minus(
        input,
        INSIDE_INPUT.map((key) => counts[key]),
      ),
      output: minus(output, [counts['output_reasoning_tokens']]),
    };
  } catch {
    return undefined;
  }
}

/** Without `input_cache_write`, which the server forgets. */
const INSIDE_INPUT = [
  'input_cached_tokens',
  'input_cache_creation',
  'input_cache_creation_5m',
  'input_cache_creation_1h',
  'input_cache_read',
];

function count(attributes: Attributes, ...names: string[]): number | undefined {
  const key = names.map((name) => `gen_ai.usage.${name}_tokens`).find((candidate) => candidate in attributes);
  return key === undefined ? undefined : parsedInt(attributes[key]);
}

function parsedInt(value: unknown): number {
  return Number.parseInt(String(value), 10);
}

function detailCounts(attributes: Attributes): Counts {
  const read = (key: string): unknown => {
    const parsed: unknown = JSON.parse(String(attributes[key]));
    return typeof parsed === 'number' ? parsed : fieldOf(parsed, 'intValue');
  };
  const cached = 'ai.usage.cachedInputTokens';
  const reasoning = 'ai.usage.reasoningTokens';
  return {
    ...(cached in attributes ? { input_cached_tokens: read(cached) } : {}),
    ...(reasoning in attributes ? { output_reasoning_tokens: read(reasoning) } : {}),
  };
}

/** What providers report beyond the SDK's own counts fills gaps only. */
function addProviderCounts(counts: Counts, metadata: unknown): void {
  const fill = (key: string, value: unknown): void => {
    if (value !== undefined && value !== null) counts[key] ??= value;
  };
  const openai = fieldOf(metadata, 'openai');
  fill('input_cached_tokens', fieldOf(openai, 'cachedPromptTokens'));
  fill('accepted_prediction_tokens', fieldOf(openai, 'acceptedPredictionTokens'));
  fill('rejected_prediction_tokens', fieldOf(openai, 'rejectedPredictionTokens'));
  fill('output_reasoning_tokens', fieldOf(openai, 'reasoningTokens'));

  const anthropic = fieldOf(fieldOf(metadata, 'anthropic'), 'usage');
  fill('input_cache_creation', fieldOf(anthropic, 'cache_creation_input_tokens'));
  fill('input_cached_tokens', fieldOf(anthropic, 'cache_read_input_tokens'));
  splitCacheCreation(counts, fieldOf(anthropic, 'cache_creation'));

  const bedrock = fieldOf(fieldOf(metadata, 'bedrock'), 'usage');
  fill('input_cache_read', fieldOf(bedrock, 'cacheReadInputTokens'));
  fill('input_cache_write', fieldOf(bedrock, 'cacheWriteInputTokens'));
  fill('input_cache_creation', fieldOf(bedrock, 'cacheCreationInputTokens'));
}

function splitCacheCreation(counts: Counts, creation: unknown): void {
  if (!isObject(creation)) return;
  const { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long } = creation;
  if (typeof short === 'number') counts['input_cache_creation_5m'] = short;
  if (typeof long === 'number') counts['input_cache_creation_1h'] = long;
  const rest = minus(Number(counts['input_cache_creation'] ?? 0), [short, long]);
  counts['input_cache_creation'] = rest;
}

function minus(whole: number, parts: readonly unknown[]): number {
  return Math.max(whole - parts.reduce<number>((sum, part) => sum + (typeof part === 'number' ? part : 0), 0), 0);
}
