import type { Attributes, SpanData } from '../../span.js';
import {
  firstNumber,
  firstText,
  isObject,
  isPresent,
  numberOf,
  objectOf,
  parsed,
  textOf,
  textsOf,
} from '../attributes.js';
import { type Convention, type Draft, takeInput, takeOutput } from '../draft.js';
import { plusSeconds } from '../times.js';

/**
 * The Vercel AI SDK, 4 to 6, 7 with its legacy or supplemental attributes. Read by its keys and not by the name of the
 * tracer: an application may hand it a tracer of its own. https://ai-sdk.dev/docs/ai-sdk-core/telemetry
 */
export const vercelAi: Convention = {
  name: 'vercel-ai',
  owns: (key) => key.startsWith('ai.'),
  read(span, draft) {
    const { attributes } = span;
    const operation = operationIn(attributes);
    draft.type ??= typeOf(operation);
    if (WRAPPERS.has(operation)) draft.isWrapper = true;
    readName(attributes, draft);
    readInput(span, draft);
    readOutput(span, draft);
    readTools(attributes, draft);
    draft.model ??= firstText(attributes, 'ai.response.model', 'gen_ai.response.model', 'ai.model.id');
    readParameters(attributes, draft);
    const ms = firstNumber(attributes, 'ai.response.msToFirstChunk', 'ai.stream.msToFirstChunk');
    if (ms) draft.completionStartTime ??= plusSeconds(span.startTime, ms / 1000);
    readContext(attributes, draft);
  },
  translates: isContext,
};

/** The spans around the model calls; since 4 each has the calls inside. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'ai.generateText',
  'ai.streamText',
  'ai.generateObject',
  'ai.streamObject',
  'ai.embed',
  'ai.embedMany',
  'ai.rerank',
]);

/** The first versions say it with the function's id behind it, and only so. */
function operationIn(attributes: Attributes): string {
  const [operation = ''] = (firstText(attributes, 'ai.operationId', 'operation.name') ?? '').split(' ', 1);
  return operation.startsWith('ai.') ? operation : '';
}

function typeOf(operation: string): Draft['type'] {
  if (operation === 'ai.toolCall') return 'tool';
  if (operation.endsWith('.doEmbed')) return 'embedding';
  if (operation.endsWith('.doRerank')) return 'retriever';
  return operation.includes('.do') ? 'generation' : undefined;
}

/** As the server names them, so that names stay what they are for those who come from its mapping. */
function readName(attributes: Attributes, draft: Draft): void {
  draft.name ??= textOf(attributes['ai.toolCall.name']);
  const operation = textOf(attributes['ai.operationId']);
  if (operation === undefined) return;
  const functionId = textOf(attributes['ai.telemetry.functionId']);
  draft.name ??= functionId === undefined ? operation : `${functionId}:${operation}`;
}

function readInput(span: SpanData, draft: Draft): void {
  takeInput(span, draft, 'ai.prompt.messages', 'ai.prompt', 'ai.toolCall.args');
  if (draft.input !== undefined) return;
  // Embeddings: each text is JSON by itself.
  const values = span.attributes['ai.values'] ?? span.attributes['ai.documents'];
  if (Array.isArray(values)) draft.input = values.map((value) => parsed(value) ?? value);
  else if (isPresent(span.attributes['ai.value']))
    draft.input = parsed(span.attributes['ai.value']) ?? span.attributes['ai.value'];
  else {
    takeInput(span, draft, 'ai.request.text');
    return;
  }
  draft.used.add('ai.values').add('ai.value').add('ai.documents');
}

function readOutput(span: SpanData, draft: Draft): void {
  const { attributes } = span;
  if (draft.output === undefined) readAnswer(attributes, draft);
  if (draft.output === undefined) readVectors(attributes, draft);
  takeOutput(
    span,
    draft,
    'ai.response.object',
    'ai.toolCall.result',
    'ai.result.text',
    'ai.result.object',
    'ai.ranking',
    'ai.embedding',
  );
}

/** Each vector is JSON text by itself, long, and of no interest as anything else: the list of them is put together as text. */
function readVectors(attributes: Attributes, draft: Draft): void {
  const vectors = attributes['ai.embeddings'];
  if (!Array.isArray(vectors)) return;
  draft.output = vectors.every((vector) => typeof vector === 'string') ? `[${vectors.join(',')}]` : vectors;
  draft.used.add('ai.embeddings');
}

const TEXTS = ['ai.response.text', 'ai.result.text'] as const;
const CALLS = ['ai.response.toolCalls', 'ai.result.toolCalls'] as const;
const REASONING = 'ai.response.reasoning';
const FILES = 'ai.response.files';
const ANSWER_KEYS = [...TEXTS, ...CALLS, REASONING, FILES] as const;

/** Text, reasoning, tool calls and files of one answer, as one message; a text alone stays a text. */
function readAnswer(attributes: Attributes, draft: Draft): void {
  const text = firstPresent(attributes, TEXTS);
  const calls = firstPresent(attributes, CALLS);
  const { [REASONING]: reasoning, [FILES]: files } = attributes;
  const isTextAlone = !isPresent(calls) && !isPresent(reasoning) && !isPresent(files);
  if (isTextAlone && text === undefined) return;
  for (const key of ANSWER_KEYS) draft.used.add(key);
  draft.output = text;
  if (isTextAlone) return;
  const message: { [part: string]: unknown } = { role: 'assistant', content: text ?? '' };
  if (isPresent(reasoning)) message['reasoning'] = reasoning;
  if (isPresent(calls)) message['tool_calls'] = toolCallsOf(calls);
  if (isPresent(files)) message['files'] = parsed(files) ?? files;
  draft.output = message;
}

function firstPresent(attributes: Attributes, keys: readonly string[]): unknown {
  for (const key of keys) if (isPresent(attributes[key])) return attributes[key];
  return undefined;
}

/** Arguments are JSON text inside JSON text; here they are what they say. */
function toolCallsOf(calls: unknown): unknown {
  const list = parsed(calls);
  if (!Array.isArray(list)) return calls;
  return list.map((call: unknown) => {
    if (!isObject(call)) return call;
    const { toolCallId, toolName, args, input, ...rest } = call;
    return { ...rest, type: 'tool-call', toolCallId, toolName, input: parsed(input ?? args) ?? input ?? args };
  });
}

function readTools(attributes: Attributes, draft: Draft): void {
  const tools = attributes['ai.prompt.tools'];
  if (draft.tools !== undefined || !Array.isArray(tools) || tools.length === 0) return;
  draft.tools = tools.map((tool) => parsed(tool) ?? tool);
  draft.used.add('ai.prompt.tools');
}

const SETTINGS = 'ai.settings.';

function readParameters(attributes: Attributes, draft: Draft): void {
  for (const key in attributes) {
    if (!key.startsWith(SETTINGS) || key.startsWith('ai.settings.context.')) continue;
    draft.parameters[key.slice(SETTINGS.length)] ??= attributes[key];
  }
  const choice = attributes['ai.prompt.toolChoice'];
  if (isPresent(choice)) draft.parameters['toolChoice'] ??= choice;
  const tier = objectOf(objectOf(attributes['ai.response.providerMetadata'])?.['openai'])?.['serviceTier'];
  if (typeof tier === 'string') draft.parameters['service_tier'] ??= tier;
}

const CONTEXTS = ['ai.telemetry.metadata.', 'ai.settings.context.'].map((prefix) => ({
  prefix,
  userId: `${prefix}userId`,
  sessionId: `${prefix}sessionId`,
  tags: `${prefix}tags`,
  prompt: `${prefix}langfusePrompt`,
}));

/** What the application attached to the call: user, session, tags and prompt have places of their own. */
function readContext(attributes: Attributes, draft: Draft): void {
  for (const keys of CONTEXTS) {
    const { prefix } = keys;
    draft.userId ??= textOf(attributes[keys.userId]);
    draft.sessionId ??= textOf(attributes[keys.sessionId]);
    draft.tags.push(...(textsOf(attributes[keys.tags]) ?? []));
    const prompt = objectOf(attributes[keys.prompt]);
    draft.promptName ??= textOf(prompt?.['name']);
    draft.promptVersion ??= numberOf(prompt?.['version']);
    for (const key in attributes) {
      if (!key.startsWith(prefix)) continue;
      const name = key.slice(prefix.length);
      if (!OWN_PLACE.has(name)) draft.metadata[name] ??= attributes[key];
    }
  }
}

const OWN_PLACE: ReadonlySet<string> = new Set(['userId', 'sessionId', 'tags', 'langfusePrompt']);

/** Attributes that have become metadata of the user. */
function isContext(key: string): boolean {
  return CONTEXTS.some(({ prefix }) => key.startsWith(prefix));
}
