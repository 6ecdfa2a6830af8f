import type { Attributes, SpanData, SpanEventData } from '../span.js';

const DETAILS = 'gen_ai.client.inference.operation.details';

/**
 * The span as it would be if its instrumentation had written the details of the operation on it: they have the same
 * names as an event (semantic conventions 1.37 on), whether as one or a part each (Strands, the logs signal). What the
 * span says itself wins, then what is said first.
 */
export function withDetails(span: SpanData): SpanData {
  if (!span.events.some(isDetails)) return span;
  const details = span.events.filter(isDetails).map(({ attributes }) => attributes);
  const attributes: Attributes = Object.assign(Object.create(null), ...details.toReversed(), span.attributes);
  return { ...span, attributes, events: span.events.filter((event) => !isDetails(event)) };
}

function isDetails({ name }: SpanEventData): boolean {
  return name === DETAILS;
}
