import { type Attributes, jsonText } from './values.js';

/** Everything that may be input or output leaves the attributes, whether it was used or not (facts §9.1). */
const CONTENT_KEYS = new Set([
  'langfuse.trace.input',
  'langfuse.trace.output',
  'langfuse.observation.input',
  'langfuse.observation.output',
  'ai.prompt.messages',
  'ai.prompt',
  'ai.toolCall.args',
  'ai.response.text',
  'ai.result.text',
  'ai.toolCall.result',
  'ai.response.object',
  'ai.result.object',
  'ai.response.toolCalls',
  'ai.result.toolCalls',
  'gcp.vertex.agent.llm_request',
  'gcp.vertex.agent.llm_response',
  'gcp.vertex.agent.tool_call_args',
  'gcp.vertex.agent.tool_response',
  'prompt',
  'all_messages_events',
  'events',
  'lk.input_text',
  'lk.user_transcript',
  'lk.chat_ctx',
  'lk.user_input',
  'lk.function_tool.output',
  'lk.response.text',
  'mlflow.spanInputs',
  'mlflow.spanOutputs',
  'traceloop.entity.input',
  'traceloop.entity.output',
  'input.value',
  'output.value',
  'final_result',
  'pydantic_ai.all_messages',
  'gen_ai.system_instructions',
  'input',
  'output',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
  'genkit:input',
  'genkit:output',
  'flue.turn.input',
  'flue.turn.output',
  'flue.tool.arguments',
  'flue.tool.result',
  'flue.task.prompt',
  'flue.task.result',
  'flue.operation.result',
  'flue.workflow.payload',
  'flue.workflow.result',
]);

const CONTENT_PREFIXES = [
  'gen_ai.prompt',
  'gen_ai.completion',
  'llm.input_messages',
  'llm.output_messages',
  'langfuse.trace.metadata',
  'langfuse.observation.metadata',
  'ai.telemetry.metadata',
];

/** What remains for `metadata.attributes`, every value as text. */
export function remainingAttributes(attributes: Attributes): Record<string, string> {
  const kept = Object.entries(attributes).filter(([key]) => !isContent(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, jsonText(value)]));
}

function isContent(key: string): boolean {
  return CONTENT_KEYS.has(key) || CONTENT_PREFIXES.some((prefix) => key.startsWith(prefix));
}
