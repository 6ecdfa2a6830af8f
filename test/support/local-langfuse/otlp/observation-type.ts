import type { OtlpSpan } from './otlp-span.js';
import { type Attributes, hasAny, isMeaningful } from './values.js';

export type ObservationType =
  | 'SPAN'
  | 'EVENT'
  | 'GENERATION'
  | 'AGENT'
  | 'TOOL'
  | 'CHAIN'
  | 'RETRIEVER'
  | 'EVALUATOR'
  | 'EMBEDDING'
  | 'GUARDRAIL';

type Table = Readonly<Record<string, ObservationType>>;
type Rule = (span: OtlpSpan) => ObservationType | undefined;

/** The first rule that has an answer decides (facts §3, same order). */
export function observationType(span: OtlpSpan): ObservationType {
  for (const rule of RULES) {
    const type = rule(span);
    if (type) return type;
  }
  return 'SPAN';
}

const LANGFUSE: Table = {
  span: 'SPAN',
  generation: 'GENERATION',
  event: 'EVENT',
  embedding: 'EMBEDDING',
  agent: 'AGENT',
  tool: 'TOOL',
  chain: 'CHAIN',
  retriever: 'RETRIEVER',
  guardrail: 'GUARDRAIL',
  evaluator: 'EVALUATOR',
};

const OPENINFERENCE: Table = {
  CHAIN: 'CHAIN',
  RETRIEVER: 'RETRIEVER',
  LLM: 'GENERATION',
  EMBEDDING: 'EMBEDDING',
  AGENT: 'AGENT',
  TOOL: 'TOOL',
  GUARDRAIL: 'GUARDRAIL',
  EVALUATOR: 'EVALUATOR',
};

const GENAI_OPERATION: Table = {
  chat: 'GENERATION',
  completion: 'GENERATION',
  text_completion: 'GENERATION',
  generate_content: 'GENERATION',
  generate: 'GENERATION',
  embeddings: 'EMBEDDING',
  invoke_agent: 'AGENT',
  create_agent: 'AGENT',
  execute_tool: 'TOOL',
};

const GENKIT: Table = {
  'background-model': 'GENERATION',
  model: 'GENERATION',
  embedder: 'EMBEDDING',
  tool: 'TOOL',
  'tool.v2': 'TOOL',
  retriever: 'RETRIEVER',
  evaluator: 'EVALUATOR',
};

const AI_SDK_CALLS: Table = {
  'ai.generateText.doGenerate': 'GENERATION',
  'ai.streamText.doStream': 'GENERATION',
  'ai.generateObject.doGenerate': 'GENERATION',
  'ai.streamObject.doStream': 'GENERATION',
  'ai.embedMany.doEmbed': 'EMBEDDING',
  'ai.embed.doEmbed': 'EMBEDDING',
};

const LIVEKIT: Table = { agent_turn: 'AGENT', start_agent_activity: 'AGENT', function_tool: 'TOOL' };

const AI_SDK_MODELS = [
  'langfuse.observation.model.name',
  'ai.model.id',
  'gen_ai.request.model',
  'gen_ai.response.model',
];
const ANY_MODEL = [
  'langfuse.observation.model.name',
  'gen_ai.request.model',
  'gen_ai.response.model',
  'llm.model_name',
  'model',
];

const RULES: readonly Rule[] = [
  pythonSdk,
  ({ attributes }) => lookedUp(LANGFUSE, attributes['langfuse.observation.type']),
  ({ attributes }) => lookedUp(OPENINFERENCE, attributes['openinference.span.kind']),
  ({ attributes }) => lookedUp(GENAI_OPERATION, attributes['gen_ai.operation.name']),
  ({ attributes }) => lookedUp(GENKIT, attributes['genkit:metadata:subtype']),
  aiSdk,
  ({ attributes }) => (hasAny(attributes, ['gen_ai.tool.name', 'gen_ai.tool.call.id']) ? 'TOOL' : undefined),
  ({ attributes }) => (hasAny(attributes, ['flue.tool.name', 'flue.tool.call_id']) ? 'TOOL' : undefined),
  ({ attributes }) => (hasAny(attributes, ['flue.task.id', 'flue.task.agent']) ? 'AGENT' : undefined),
  ({ scope, name }) => (scope.name === 'livekit-agents' ? lookedUp(LIVEKIT, name) : undefined),
  ({ attributes }) => (hasAny(attributes, ANY_MODEL) ? 'GENERATION' : undefined),
];

function lookedUp(table: Table, value: unknown): ObservationType | undefined {
  if (!isMeaningful(value)) return undefined;
  const key = String(value);
  // The server's tables are plain objects, so that "constructor" finds something and breaks the request (§17).
  if (key in Object.prototype) throw new TypeError(`no observation type "${key}"`);
  return table[key];
}

const GENERATION_KEYS = [
  'model.name',
  'cost_details',
  'usage_details',
  'completion_start_time',
  'model.parameters',
  'prompt.name',
  'prompt.version',
];

/** Python SDKs up to 3.3 sent generations as spans. */
function pythonSdk({ attributes, resource, scope }: OtlpSpan): ObservationType | undefined {
  const isPython = scope.name === 'langfuse-sdk' && resource['telemetry.sdk.language'] === 'python';
  if (!isPython || attributes['langfuse.observation.type'] !== 'span' || !isAtMost3point3(scope.version))
    return undefined;
  return GENERATION_KEYS.some((key) => `langfuse.observation.${key}` in attributes) ? 'GENERATION' : undefined;
}

function isAtMost3point3(version: unknown): boolean {
  if (!version) return true;
  const [major = 0, minor = 0] = String(version).split('.').map(Number);
  return major < 3 || (major === 3 && minor <= 3);
}

function aiSdk({ attributes }: OtlpSpan): ObservationType | undefined {
  const operation = textOf(attributes, 'operation.name');
  const operationId = textOf(attributes, 'ai.operationId');
  const call = Object.keys(AI_SDK_CALLS).find((name) => operation.startsWith(name) || operationId === name);
  if (call) return hasAny(attributes, AI_SDK_MODELS) ? AI_SDK_CALLS[call] : undefined;
  return operation.startsWith('ai.toolCall') || operationId === 'ai.toolCall' ? 'TOOL' : undefined;
}

function textOf(attributes: Attributes, key: string): string {
  const value = attributes[key] ?? '';
  if (typeof value !== 'string') throw new TypeError(`${key} is no text`);
  return value;
}
