import { type Attributes, firstTruthy, jsonText } from './values.js';

const KEYS = [
  'langfuse.observation.model.name',
  'gen_ai.response.model',
  'ai.model.id',
  'gen_ai.request.model',
  'llm.response.model',
  'llm.model_name',
  'model',
];

/** Agent spans repeat what the calls beneath them report, so the server blanks model, usage and cost (facts §6.1). */
export function isAgentOperation(attributes: Attributes): boolean {
  const operation = attributes['gen_ai.operation.name'];
  return operation === 'invoke_agent' || operation === 'agent_step';
}

export function modelName(attributes: Attributes): string | undefined {
  if (isAgentOperation(attributes)) return undefined;
  const genkit = attributes['genkit:metadata:subtype'] === 'model' ? attributes['genkit:name'] : undefined;
  const model = firstTruthy(attributes, KEYS) || genkit;
  return model ? jsonText(model) : undefined;
}
