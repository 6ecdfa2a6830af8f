import { genAiIo, type Io } from './io-genai.js';
import type { SpanEvent } from './otlp-span.js';
import type { Attributes } from './values.js';

const MESSAGES: Readonly<Record<string, string>> = {
  'gen_ai.system.message': 'system',
  'gen_ai.user.message': 'user',
  'gen_ai.assistant.message': 'assistant',
  'gen_ai.tool.message': 'tool',
};

/** Input and output that came as span events (facts §9.2, 5 to 7); `extract` is the whole procedure, once more. */
export function eventIo(events: readonly SpanEvent[], extract: (attributes: Attributes) => Io): Io | undefined {
  return detailsIo(events) ?? messagesIo(events) ?? contentIo(events, extract);
}

function detailsIo(events: readonly SpanEvent[]): Io | undefined {
  return events
    .filter(({ name }) => name === 'gen_ai.client.inference.operation.details')
    .map(({ attributes }) => genAiIo(attributes))
    .find((io) => io !== undefined);
}

function messagesIo(events: readonly SpanEvent[]): Io | undefined {
  const input = events.flatMap(({ name, attributes }) => {
    const role = typeof name === 'string' && Object.hasOwn(MESSAGES, name) ? MESSAGES[name] : undefined;
    return role ? [{ role, ...attributes }] : [];
  });
  const choices = events.filter(({ name }) => name === 'gen_ai.choice').map(({ attributes }) => attributes);
  if (input.length === 0 && choices.length === 0) return undefined;
  const output = choices.length > 1 ? choices : (choices[0] ?? null);
  return { input: input.length > 0 ? input : null, output };
}

function contentIo(events: readonly SpanEvent[], extract: (attributes: Attributes) => Io): Io | undefined {
  const prompt = events.find(({ name }) => name === 'gen_ai.content.prompt');
  const completion = events.find(({ name }) => name === 'gen_ai.content.completion');
  if (!prompt && !completion) return undefined;
  const question = prompt?.attributes ?? {};
  const answer = completion?.attributes ?? {};
  return { input: extract(question).input ?? question, output: extract(answer).output ?? answer };
}
