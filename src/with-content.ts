import { toEvent } from './otel/span-data.js';
import type { Attributes, SpanData, SpanEventLike } from './span.js';

/** Its attributes are those that other instrumentations put on the span itself. */
const DETAILS = 'gen_ai.client.inference.operation.details';

/**
 * The span as it would be if its instrumentation had written its content there. Messages become events; what comes as
 * the details of the operation, attributes: question and answer come apart, and beside instructions that are on the
 * span already. What the span says itself wins.
 */
export function withContent(span: SpanData, content: readonly SpanEventLike[]): SpanData {
  if (content.length === 0) return span;
  const details = content.filter(({ name }) => name === DETAILS);
  const messages = content.filter(({ name }) => name !== DETAILS);
  const attributes: Attributes = Object.assign(
    {},
    ...details.toReversed().map((event) => event.attributes),
    span.attributes,
  );
  return { ...span, attributes, events: [...span.events, ...messages.map(toEvent)] };
}
