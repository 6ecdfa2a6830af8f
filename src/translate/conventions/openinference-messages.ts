import type { Attributes, SpanData } from '../../span.js';
import { isObject, isPresent, type PlainObject, parsed } from '../attributes.js';
import { type Draft, takeInput, takeOutput } from '../draft.js';
import { unflatten } from '../unflatten.js';

/**
 * The request and the answer are there twice: as the provider has them (`input.value`), and as messages flattened into
 * attributes. The provider's form has more, and is taken where a chat view can show it; else the messages are, and
 * what they leave out stays with the attributes.
 */
export function readMessages(span: SpanData, draft: Draft): void {
  const { attributes } = span;
  const isUsed = (key: string): void => void draft.used.add(key);
  if (draft.input === undefined && isShown(attributes['input.value'], INPUT)) takeInput(span, draft, 'input.value');
  if (draft.input !== undefined) dropUnder('llm.input_messages.', attributes, draft);
  else {
    const messages = messagesIn(unflatten(attributes, 'llm.input_messages.', isUsed));
    if (messages?.some(saysSomething)) {
      draft.input = messages;
      dropText('input.value', attributes, draft);
    }
  }
  if (draft.output === undefined && isShown(attributes['output.value'], OUTPUT))
    takeOutput(span, draft, 'output.value');
  if (draft.output !== undefined) dropUnder('llm.output_messages.', attributes, draft);
  else {
    const messages = messagesIn(unflatten(attributes, 'llm.output_messages.', isUsed));
    if (messages?.some(saysSomething)) {
      draft.output = messages.map((message) => ({ role: 'assistant', ...message }));
      dropText('output.value', attributes, draft);
    }
  }
  const tools = unflatten(attributes, 'llm.tools.', isUsed);
  if (tools) draft.tools ??= tools.map(toolOf).filter(isPresent);
}

/** The same is shown already. */
function dropUnder(prefix: string, attributes: Attributes, draft: Draft): void {
  for (const key in attributes) if (key.startsWith(prefix)) draft.used.add(key);
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

/** What a list of the convention wraps each of its items in. */
export function inner(item: unknown, key: string): unknown {
  return isObject(item) && isObject(item[key]) ? item[key] : item;
}

function toolOf(item: unknown): unknown {
  const schema = isObject(item) && isObject(item['tool']) ? item['tool']['json_schema'] : undefined;
  return parsed(schema) ?? schema;
}
