import { repairedEnvironment } from '../ingestion/environment.js';
import type { OtlpSpan } from './otlp-span.js';
import { fieldOf, parsedJson } from './values.js';

const KEYS = ['langfuse.environment', 'deployment.environment.name', 'deployment.environment'];

/** The span before its resource for each key, but the key decides first (facts §12). */
export function environmentOf(span: OtlpSpan): string {
  const said = KEYS.flatMap((key) => [span.attributes[key], span.resource[key]]).find(Boolean);
  return repairedEnvironment(openRouterJudge(span) ?? said);
}

/** Evaluations that Langfuse itself runs through OpenRouter come back as its broadcast. */
function openRouterJudge({ attributes, resource }: OtlpSpan): unknown {
  if (resource['service.name'] !== 'openrouter' || attributes['openrouter.source'] !== 'openrouter') return undefined;
  const completion = parsedJson(attributes['gen_ai.completion']);
  const environment = fieldOf(fieldOf(fieldOf(completion, 'rawRequest'), 'trace'), 'environment');
  const isJudge = fieldOf(completion, 'completion') === null && environment === 'langfuse-llm-as-a-judge';
  return isJudge ? environment : undefined;
}
