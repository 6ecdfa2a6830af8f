import type { OtlpSpan } from './otlp-span.js';
import { jsonText } from './values.js';

/** Name of the observation, and of the trace when a root gives none (facts §4). */
export function observationName({ attributes, name }: OtlpSpan): unknown {
  if (attributes['gen_ai.tool.name']) return jsonText(attributes['gen_ai.tool.name']);
  if ('genkit:name' in attributes) return attributes['genkit:name'];
  if (attributes['logfire.msg']) return jsonText(attributes['logfire.msg']);
  if ('ai.toolCall.name' in attributes) return attributes['ai.toolCall.name'];
  if (!('ai.operationId' in attributes)) return name;
  const functionId = attributes['ai.telemetry.functionId'];
  return functionId ? `${functionId}:${attributes['ai.operationId']}` : attributes['ai.operationId'];
}
