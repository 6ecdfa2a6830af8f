import { isObject } from '../store/field-rules.js';
import type { OtlpSpan } from './otlp-span.js';
import { type Attributes, fieldOf, firstNotNull, parsedJson, plainText } from './values.js';

/** Facts §6.4. The result may be a number or text when a client sent that; the schema then refuses it. */
export function modelParameters({ attributes, scope }: OtlpSpan): unknown {
  const explicit = jsonParameters(attributes['langfuse.observation.model.parameters']);
  if (scope.name === 'ai') return { ...aiSdkParameters(attributes), ...(isObject(explicit) ? explicit : {}) };
  return (
    explicit ||
    (scope.name === 'genkit-tracer' && genkitParameters(attributes)) ||
    jsonParameters(attributes['llm.invocation_parameters']) ||
    jsonParameters(attributes['model_config']) ||
    requestParameters(attributes)
  );
}

function jsonParameters(text: unknown): unknown {
  return text ? onlyTextAndNumbers(parsedJson(text)) : undefined;
}

function genkitParameters(attributes: Attributes): unknown {
  const request = fieldOf(parsedJson(attributes['genkit:output']), 'request');
  return onlyTextAndNumbers(fieldOf(parsedJson(attributes['genkit:input']), 'config') || fieldOf(request, 'config'));
}

/** Whatever the span is, tools and wrappers included; what is not there is null. */
function aiSdkParameters(attributes: Attributes): Record<string, string | null> {
  const text = (...keys: string[]): string | null => plainText(firstNotNull(attributes, keys)) ?? null;
  const tier = fieldOf(fieldOf(parsedJson(attributes['ai.response.providerMetadata']), 'openai'), 'serviceTier');
  return {
    maxSteps: text('ai.settings.maxSteps'),
    toolChoice: text('ai.prompt.toolChoice'),
    maxTokens: text('gen_ai.request.max_tokens'),
    finishReason: text('gen_ai.response.finish_reasons', 'gen_ai.finishReason'),
    system: text('gen_ai.system', 'ai.model.provider'),
    maxRetries: text('ai.settings.maxRetries'),
    mode: text('ai.settings.mode'),
    temperature: text('gen_ai.request.temperature'),
    service_tier: typeof tier === 'string' ? tier : text('gen_ai.request.service_tier'),
  };
}

const REQUEST = 'gen_ai.request.';
const INVOCATION = 'llm.invocation_parameters.';

function requestParameters(attributes: Attributes): unknown {
  const named = (prefix: string): [string, unknown][] =>
    Object.entries(attributes)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]);
  const parameters = [...named(REQUEST), ...named(INVOCATION)].filter(([key]) => key !== 'model');
  return onlyTextAndNumbers(Object.fromEntries(parameters));
}

function onlyTextAndNumbers(parameters: unknown): unknown {
  if (parameters === null || typeof parameters !== 'object') return parameters;
  const entries = Object.entries(parameters).map(([key, value]) => {
    const isPlain = typeof value === 'string' || typeof value === 'number';
    return [key, isPlain ? value : JSON.stringify(value)];
  });
  return Object.fromEntries(entries);
}
