import type { SpanData, SpanEventData } from '../../span.js';
import { isObject, objectOf, parsed } from '../attributes.js';
import type { Convention, Draft } from '../draft.js';

/**
 * Content as span events: one per message (semantic conventions 1.28–1.36), `gen_ai.content.*` (before). The details
 * event (1.37 on) is read as attributes of the span (`details.ts`).
 */
export const genAiEvents: Convention = {
  name: 'gen-ai-events',
  // Content events come with gen_ai attributes on their span.
  owns: (key) => key.startsWith('gen_ai.'),
  read(span, draft) {
    if (span.events.length === 0) return;
    readMessages(span, draft);
    readContentEvents(span, draft);
  },
};

const MESSAGE = /^gen_ai\.(system|user|assistant|tool)\.message$/;
const CHOICE = 'gen_ai.choice';

function readMessages({ events }: SpanData, draft: Draft): void {
  const inputs: unknown[] = [];
  const outputs: unknown[] = [];
  const positions: number[] = [];
  events.forEach((event, index) => {
    const role = MESSAGE.exec(event.name)?.[1];
    if (role !== undefined) inputs.push({ role, ...contentOf(event) });
    else if (event.name === CHOICE) outputs.push(answerIn(event));
    else return;
    positions.push(index);
  });
  if (positions.length === 0) return;
  if (inputs.length > 0) draft.input ??= inputs;
  if (outputs.length > 0) draft.output ??= outputs.length === 1 ? outputs[0] : outputs;
  for (const position of positions) draft.usedEvents.add(position);
}

/** What belongs to the message; the provider is said on the span. */
function contentOf({ attributes }: SpanEventData): { [key: string]: unknown } {
  // Semantic Kernel has the whole message in one text.
  const whole = objectOf(attributes['gen_ai.event.content']);
  if (whole) return { ...whole };
  const content: { [key: string]: unknown } = {};
  for (const key in attributes)
    if (key !== 'gen_ai.system' && key !== 'gen_ai.provider.name') content[key] = attributes[key];
  return content;
}

/** `{finish_reason, message}` with the message, or its content, inside: as a message like the others. */
function answerIn(event: SpanEventData): { [key: string]: unknown } {
  const { message, ...rest } = contentOf(event);
  if (message === undefined) return rest;
  // The answer of a tool names its call, and no reason to stop.
  const role = 'id' in rest && !('finish_reason' in rest) ? 'tool' : 'assistant';
  const inner = parsed(message);
  return isObject(inner) && role === 'assistant'
    ? { role, ...rest, ...inner }
    : { role, content: inner !== undefined && typeof inner === 'object' ? inner : message, ...rest };
}

function readContentEvents({ events }: SpanData, draft: Draft): void {
  events.forEach(({ name, attributes }, index) => {
    if (name === 'gen_ai.content.prompt') draft.input ??= attributes['gen_ai.prompt'] ?? attributes;
    else if (name === 'gen_ai.content.completion') draft.output ??= attributes['gen_ai.completion'] ?? attributes;
    else return;
    draft.usedEvents.add(index);
  });
}
