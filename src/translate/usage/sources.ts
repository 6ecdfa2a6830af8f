import type { SpanData } from '../../span.js';
import { textOf } from '../attributes.js';
import type { RawUsage } from './raw-usage.js';

/**
 * What is known of who counted, for the cases in which the numbers do not tell. Anthropic and Bedrock count what
 * concerns the cache beside the input; these hand their counts on as they are, all others add it up.
 */
export function habitsOf(span: SpanData): Pick<RawUsage, 'isInputExclusive' | 'isRestReasoning'> {
  return { isInputExclusive: isInputExclusive(span), isRestReasoning: isRestReasoning(span) };
}

/** The instrumentations of these hand on Anthropic's own count. */
const EXCLUSIVE_SCOPES = [
  '@traceloop/instrumentation-anthropic',
  '@openlit/instrumentation-anthropic',
  // Counts the cache only for Anthropic's models, whose answers it reads.
  '@arizeai/openinference-instrumentation-bedrock',
  'opentelemetry.instrumentation.anthropic',
] as const;

function isInputExclusive({ scope, attributes }: SpanData): true | undefined {
  if (EXCLUSIVE_SCOPES.some((name) => scope.name.startsWith(name))) return true;
  // AI SDK 4 and 5; from 6 on the SDK adds the cache, and tells the uncached rest as well.
  const provider = attributes['ai.operationId'] === undefined ? undefined : attributes['ai.model.provider'];
  return typeof provider === 'string' && /anthropic|bedrock/.test(provider) ? true : undefined;
}

const PROVIDERS = [
  'gen_ai.provider.name',
  'gen_ai.system',
  'llm.provider',
  'llm.system',
  'ai.model.provider',
  'gen_ai.response.model',
  'gen_ai.request.model',
  'llm.model_name',
  'ai.model.id',
] as const;

/** Gemini and xAI put reasoning into the total only, where an instrumentation does not read it out. */
function isRestReasoning({ attributes }: SpanData): true | undefined {
  for (const key of PROVIDERS) {
    const name = textOf(attributes[key]);
    if (name !== undefined && /google|gemini|vertex|gcp\.|\bx[_.]?ai\b|grok/i.test(name)) return true;
  }
  return undefined;
}
