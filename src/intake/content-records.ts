import type { LogRecordLike } from '../log-record.js';
import type { Attributes, HrTime, SpanEventLike } from '../span.js';

/**
 * Log records that carry content of a model call, as the semantic conventions name them: one per message (1.28–1.36,
 * `@opentelemetry/instrumentation-openai` for chats, Elastic's), or the details of the operation (1.37 on).
 */
const NAMES: ReadonlySet<string> = new Set([
  'gen_ai.system.message',
  'gen_ai.user.message',
  'gen_ai.assistant.message',
  'gen_ai.tool.message',
  'gen_ai.choice',
  'gen_ai.content.prompt',
  'gen_ai.content.completion',
  'gen_ai.client.inference.operation.details',
]);

/** Instrumentations that put content into log records and nowhere else; others are learned when they do. */
export const LOGGING_SCOPES = [
  '@opentelemetry/instrumentation-openai',
  '@elastic/opentelemetry-instrumentation-openai',
] as const;

/** What a record of content is called; undefined for every other record. */
export function contentNameOf(record: LogRecordLike): string | undefined {
  const name = record.eventName ?? attributesOf(record)['event.name'];
  return typeof name === 'string' && NAMES.has(name) ? name : undefined;
}

/** It has the answer, or the end of one: what comes last. */
export function isAnswer(record: LogRecordLike): boolean {
  switch (contentNameOf(record)) {
    case 'gen_ai.choice':
    case 'gen_ai.content.completion':
      return true;
    case 'gen_ai.client.inference.operation.details':
      return attributesOf(record)['gen_ai.output.messages'] !== undefined;
    default:
      return false;
  }
}

/**
 * The record as the span event that instrumentations of the other kind write: the body's fields become attributes. Of
 * a choice, the message is what is read, so it is not left one level below.
 */
export function toContentEvent(record: LogRecordLike): SpanEventLike {
  const { 'event.name': _, ...attributes } = attributesOf(record);
  const name = contentNameOf(record) ?? '';
  const body = bodyOf(record);
  const { message, ...beside } = body;
  const fields = name === 'gen_ai.choice' && isObject(message) ? { role: 'assistant', ...message, ...beside } : body;
  return { name, time: record.hrTime ?? NO_TIME, attributes: { ...attributes, ...fields } };
}

/** None, and mended like every time that is none. */
const NO_TIME: HrTime = [-1, 0];

function bodyOf({ body }: LogRecordLike): Attributes {
  if (isObject(body)) return body;
  return body === undefined || body === null ? {} : { content: body };
}

function attributesOf({ attributes }: LogRecordLike): Attributes {
  return (attributes as Attributes | undefined) ?? {};
}

function isObject(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

const BARE_RECORD_BYTES = 500;
const BARE_VALUE_BYTES = 16;
/** A body with more values is not looked through to its end inside the application's `emit`. */
const MAX_VALUES = 1_000;

/** What a record holds in memory, roughly: the lengths of its texts, wherever they are. */
export function recordBytes(record: LogRecordLike): number {
  let bytes = BARE_RECORD_BYTES;
  const open: unknown[] = [record.attributes, record.body];
  for (let values = 0; open.length > 0 && values < MAX_VALUES; values++) {
    const value = open.pop();
    bytes += BARE_VALUE_BYTES;
    if (typeof value === 'string') bytes += value.length;
    else if (ArrayBuffer.isView(value)) bytes += value.byteLength;
    else if (typeof value === 'object' && value !== null) {
      for (const key in value) {
        if (open.length >= MAX_VALUES) break;
        open.push((value as Attributes)[key]);
      }
    }
  }
  return bytes;
}
