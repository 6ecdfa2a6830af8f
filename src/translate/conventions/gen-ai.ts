import type { ObservationType } from '../../model.js';
import type { Attributes, SpanData } from '../../span.js';
import { firstNumber, firstText, isObject, isPresent, parsed, textOf } from '../attributes.js';
import { type Convention, type Draft, takeInput, takeOutput } from '../draft.js';
import { plusSeconds } from '../times.js';

/**
 * OpenTelemetry's GenAI semantic conventions as span attributes, 1.27 to the current ones (moved to a repository of
 * their own after 1.41). Content may be JSON text or, with SDK 3.x, structured.
 * https://opentelemetry.io/docs/specs/semconv/gen-ai/
 */
export const genAi: Convention = {
  name: 'gen-ai',
  owns: (key) => key.startsWith('gen_ai.'),
  read(span, draft) {
    const { attributes } = span;
    const operation = textOf(attributes['gen_ai.operation.name'])?.toLowerCase();
    draft.type ??= operation === undefined ? undefined : OPERATIONS[operation];
    if (operation !== undefined && WRAPPERS.has(operation)) draft.isWrapper = true;
    readContent(span, draft);
    draft.model ??= firstText(attributes, 'gen_ai.response.model', 'gen_ai.request.model');
    readParameters(attributes, draft);
    draft.sessionId ??= textOf(attributes['gen_ai.conversation.id']);
    draft.userId ??= textOf(attributes['gen_ai.request.user']);
    const seconds = firstNumber(attributes, ...FIRST_CHUNK_SECONDS);
    if (seconds) draft.completionStartTime ??= plusSeconds(span.startTime, seconds);
    if (isTool(operation, attributes)) {
      draft.type ??= 'tool';
      if (draft.type === 'tool') draft.name ??= textOf(attributes['gen_ai.tool.name']);
    }
    const prompt = textOf(attributes['gen_ai.prompt.name']);
    if (prompt !== undefined) draft.metadata['promptName'] ??= prompt;
  },
};

const OPERATIONS: Readonly<{ [operation: string]: ObservationType | undefined }> = Object.assign(Object.create(null), {
  chat: 'generation',
  completion: 'generation',
  text_completion: 'generation',
  generate_content: 'generation',
  generate: 'generation',
  fetch_response: 'generation',
  embeddings: 'embedding',
  retrieval: 'retriever',
  rerank: 'retriever',
  search_memory: 'retriever',
  invoke_agent: 'agent',
  create_agent: 'agent',
  handle_conversation_turn: 'agent',
  invoke_workflow: 'chain',
  workflow: 'chain',
  chain: 'chain',
  plan: 'chain',
  guardrail: 'guardrail',
  execute_tool: 'tool',
});

/** Their counts repeat those of the model calls inside. */
const WRAPPERS: ReadonlySet<string> = new Set(['invoke_agent', 'agent_step', 'invoke_workflow', 'workflow']);

/** Newest first; the second and fourth are seen in AI SDK 7 and OpenLIT. */
const FIRST_CHUNK_SECONDS = [
  'gen_ai.response.time_to_first_chunk',
  'gen_ai.client.operation.time_to_first_chunk',
  'lk.response.ttft',
  'gen_ai.server.time_to_first_token',
] as const;

/** A chat span may name the tools it called (OpenLIT joins them); only a call of its own is a tool. */
function isTool(operation: string | undefined, attributes: Attributes): boolean {
  if (operation === 'execute_tool') return true;
  return (
    operation === undefined &&
    (isPresent(attributes['gen_ai.tool.name']) || isPresent(attributes['gen_ai.tool.call.id']))
  );
}

function readContent(span: SpanData, draft: Draft): void {
  const { attributes } = span;
  takeInput(
    span,
    draft,
    'gen_ai.input.messages',
    'gen_ai.tool.call.arguments',
    'gen_ai.embeddings.input',
    'gen_ai.retrieval.query.text',
    'gen_ai.memory.query.text',
  );
  takeOutput(
    span,
    draft,
    'gen_ai.output.messages',
    'gen_ai.tool.call.result',
    'gen_ai.retrieval.documents',
    'gen_ai.memory.records',
  );
  readTools(attributes, draft);
}

const TOOLS = 'gen_ai.tool.definitions';

/** Definitions, and not the bare names that some give. */
function readTools(attributes: Attributes, draft: Draft): void {
  if (draft.tools !== undefined || !isPresent(attributes[TOOLS])) return;
  const tools = parsed(attributes[TOOLS]);
  if (!Array.isArray(tools) || !tools.some(isObject)) return;
  draft.tools = tools;
  draft.used.add(TOOLS);
}

const REQUEST = 'gen_ai.request.';
/** Not parameters of the model, or content in a place of its own. */
const NO_PARAMETERS: ReadonlySet<string> = new Set(['model', 'available_tools', 'user', 'is_stream', 'messages']);

function readParameters(attributes: Attributes, draft: Draft): void {
  for (const key in attributes) {
    if (!key.startsWith(REQUEST)) continue;
    const name = key.slice(REQUEST.length);
    if (!NO_PARAMETERS.has(name) && attributes[key] !== 'undefined') draft.parameters[name] ??= attributes[key];
  }
}
