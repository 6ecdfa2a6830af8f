import type { ObservationType } from '../../model.js';
import type { Attributes, SpanData } from '../../span.js';
import { firstText, isObject, isPresent, objectOf, type PlainObject, parsed, textOf, textsOf } from '../attributes.js';
import { type Convention, type Draft, takeInput, takeOutput } from '../draft.js';
import { unflatten } from '../unflatten.js';

const PREFIXES = [
  'openinference.',
  'llm.',
  'input.',
  'output.',
  'embedding.',
  'retrieval.',
  'reranker.',
  'tool.',
  'tag.',
] as const;

/** OpenInference (Arize). https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md */
export const openInference: Convention = {
  name: 'openinference',
  owns: (key) => PREFIXES.some((prefix) => key.startsWith(prefix)) || key === 'metadata',
  read(span, draft) {
    const { attributes } = span;
    const kind = textOf(attributes['openinference.span.kind']);
    draft.type ??= kind === undefined ? undefined : KINDS[kind];
    readMessages(span, draft);
    readDocuments(attributes, draft);
    readEmbeddings(attributes, draft);
    takeInput(span, draft, 'input.value');
    takeOutput(span, draft, 'output.value');
    if (kind === 'TOOL') {
      draft.name ??= textOf(attributes['tool.name']);
      takeInput(span, draft, 'tool.parameters');
    }
    draft.model ??= firstText(attributes, ...MODELS);
    readParameters(attributes, draft);
    draft.tags.push(...(textsOf(attributes['tag.tags']) ?? []));
    if (kind !== undefined)
      for (const [key, value] of Object.entries(objectOf(attributes['metadata']) ?? {})) draft.metadata[key] ??= value;
  },
};

const KINDS: Readonly<{ [kind: string]: ObservationType | undefined }> = Object.assign(Object.create(null), {
  LLM: 'generation',
  CHAIN: 'chain',
  AGENT: 'agent',
  TOOL: 'tool',
  RETRIEVER: 'retriever',
  RERANKER: 'retriever',
  EMBEDDING: 'embedding',
  GUARDRAIL: 'guardrail',
  EVALUATOR: 'evaluator',
});

const MODELS = [
  'llm.response.model_name',
  'llm.model_name',
  'llm.request.model_name',
  'llm.response.model',
  'embedding.model_name',
  'reranker.model_name',
] as const;

/**
 * The request and the answer are there twice: as the provider has them (`input.value`), and as messages flattened into
 * attributes. The provider's form has more, and is taken where a chat view can show it; else the messages are, and
 * what they leave out stays with the attributes.
 */
function readMessages(span: SpanData, draft: Draft): void {
  const { attributes } = span;
  if (draft.input === undefined) {
    if (isShown(attributes['input.value'], INPUT)) takeInput(span, draft, 'input.value');
    const messages = messagesUnder('llm.input_messages.', attributes, draft);
    if (draft.input === undefined && messages?.some(saysSomething)) {
      draft.input = messages;
      dropText('input.value', attributes, draft);
    }
  }
  if (draft.output === undefined) {
    if (isShown(attributes['output.value'], OUTPUT)) takeOutput(span, draft, 'output.value');
    const messages = messagesUnder('llm.output_messages.', attributes, draft);
    if (draft.output === undefined && messages?.some(saysSomething)) {
      draft.output = messages.map((message) => ({ role: 'assistant', ...message }));
      dropText('output.value', attributes, draft);
    }
  }
  const tools = unflatten(attributes, 'llm.tools.', (key) => draft.used.add(key));
  if (tools) draft.tools ??= tools.map(toolOf).filter(isPresent);
}

/** The provider's form of a stream is the text that the message has. */
function dropText(key: string, attributes: Attributes, draft: Draft): void {
  const value = attributes[key];
  if (typeof value === 'string' && !/^\s*[[{]/.test(value)) draft.used.add(key);
}

/** A list of messages; a message, or a list of choices or items with one. */
const INPUT = /"messages":\s*\[\s*\{\s*"(role|content)"/;
const OUTPUT = /^\{[^[]*"(role|choices|output)":\s*("assistant"|\[\s*\{\s*"(index|type|id|message|role)")/;

/** A text that was cut is no JSON. */
function isShown(value: unknown, shape: RegExp): boolean {
  return typeof value === 'string' && value.startsWith('{') && value.endsWith('}') && shape.test(value);
}

/** Their keys are used in any case: either they are shown, or the same is. */
function messagesUnder(prefix: string, attributes: Attributes, draft: Draft): readonly PlainObject[] | undefined {
  return messagesIn(unflatten(attributes, prefix, (key) => draft.used.add(key)));
}

/** `[{message: {…}}]`: the inner object is the message; the same wrapping is around its parts and tool calls. */
function messagesIn(list: readonly unknown[] | undefined): readonly PlainObject[] | undefined {
  return list?.map((item) => messageOf(isObject(item) && 'message' in item ? item['message'] : item)).filter(isObject);
}

function saysSomething(message: PlainObject): boolean {
  return isPresent(message['content']) || isPresent(message['tool_calls']);
}

function messageOf(message: unknown): unknown {
  if (!isObject(message)) return message;
  const { contents, tool_calls: calls, ...rest } = message;
  const shown: { [part: string]: unknown } = { ...rest };
  if (Array.isArray(contents)) shown['content'] ??= contents.map((part) => partOf(inner(part, 'message_content')));
  if (Array.isArray(calls)) shown['tool_calls'] = calls.map((call) => inner(call, 'tool_call'));
  return shown;
}

/** `{type: "image", image: {image: {url}}}`, in the form in which a chat view shows an image. */
function partOf(part: unknown): unknown {
  if (!isObject(part) || part['type'] !== 'image') return part;
  const { type: _, image, ...rest } = part;
  const { image: source, ...others } = isObject(image) ? image : {};
  if (!isObject(source) || typeof source['url'] !== 'string') return part;
  return { type: 'image_url', image_url: { ...source, ...others }, ...rest };
}

function inner(item: unknown, key: string): unknown {
  return isObject(item) && isObject(item[key]) ? item[key] : item;
}

function toolOf(item: unknown): unknown {
  const schema = isObject(item) && isObject(item['tool']) ? item['tool']['json_schema'] : undefined;
  return parsed(schema) ?? schema;
}

function readDocuments(attributes: Attributes, draft: Draft): void {
  for (const prefix of ['retrieval.documents.', 'reranker.output_documents.']) {
    const documents = unflatten(attributes, prefix, (key) => draft.used.add(key));
    if (documents) draft.output ??= documents.map((item) => inner(item, 'document'));
  }
  const candidates = unflatten(attributes, 'reranker.input_documents.', (key) => draft.used.add(key));
  if (!candidates) return;
  draft.input ??= { query: attributes['reranker.query'], documents: candidates.map((item) => inner(item, 'document')) };
}

/** The texts are the input. The vectors help nobody who reads; they stay in the metadata. */
function readEmbeddings(attributes: Attributes, draft: Draft): void {
  if (draft.input !== undefined) return;
  const texts: unknown[] = [];
  for (let n = 0; n < 10_000; n++) {
    const key = `embedding.embeddings.${n}.embedding.text`;
    if (!(key in attributes)) break;
    texts.push(attributes[key]);
    draft.used.add(key);
  }
  if (texts.length > 0) draft.input = texts;
}

function readParameters(attributes: Attributes, draft: Draft): void {
  const {
    model: _,
    messages: __,
    input: ___,
    tools: ____,
    ...parameters
  } = objectOf(attributes['llm.invocation_parameters']) ?? {};
  for (const key in parameters) draft.parameters[key] ??= parameters[key];
}
