import type { JsonObject } from '../model.js';
import { explicitNumbers } from './explicit-numbers.js';
import { isAgentOperation } from './model-name.js';
import type { OtlpSpan } from './otlp-span.js';
import { aiSdkUsage } from './usage-ai-sdk.js';
import { genericUsage } from './usage-generic.js';
import { type Attributes, fieldOf, parsedJson } from './values.js';

/** Facts §7. */
export function usageDetails({ attributes, scope }: OtlpSpan): JsonObject {
  if (isAgentOperation(attributes)) return {};
  const explicit = explicitNumbers(attributes['langfuse.observation.usage_details']);
  if (explicit) return explicit;
  switch (scope.name) {
    case 'genkit-tracer':
      return genkitUsage(attributes) ?? genericUsage(attributes);
    case 'ai':
      return aiSdkUsage(attributes) ?? genericUsage(attributes);
    case 'gcp.vertex.agent':
      return adkUsage(attributes);
    default:
      return genericUsage(attributes);
  }
}

/** Facts §8: an explicit map, else one total, unconverted. */
export function costDetails({ attributes }: OtlpSpan): JsonObject {
  if (isAgentOperation(attributes)) return {};
  const explicit = explicitNumbers(attributes['langfuse.observation.cost_details']);
  if (explicit) return explicit;
  const totals = [attributes['gen_ai.usage.cost'], attributes['llm.cost.total']];
  const total = totals.find((cost) => cost !== undefined && cost !== null && cost !== '');
  return total === undefined ? {} : { total };
}

function genkitUsage(attributes: Attributes): JsonObject | undefined {
  const usage = fieldOf(parsedJson(attributes['genkit:output']), 'usage');
  if (!usage) return undefined;
  const count = (key: string): number => Number(fieldOf(usage, key) ?? 0);
  const thoughts = count('thoughtsTokens');
  const counts = {
    input: count('inputTokens'),
    output: Math.max(count('outputTokens') - thoughts, 0),
    total: count('totalTokens'),
    output_reasoning: thoughts,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, value]) => value));
}

/** Google's ADK reports cached tokens only inside the response it keeps as text. */
function adkUsage(attributes: Attributes): JsonObject {
  const usage = genericUsage(attributes);
  const response = fieldOf(parsedJson(attributes['gcp.vertex.agent.llm_response']), 'usage_metadata');
  const cached = fieldOf(response, 'cached_content_token_count');
  if ('input_cached_tokens' in usage || typeof cached !== 'number' || cached <= 0) return usage;
  const { input } = usage;
  return {
    ...usage,
    ...(input === undefined ? {} : { input: Math.max(input - cached, 0) }),
    input_cached_tokens: cached,
  };
}
