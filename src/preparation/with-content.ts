import { toEvent } from '../otel/span-data.js';
import type { SpanData, SpanEventLike } from '../span.js';

/** The span as it would be if its instrumentation had written its content there, as events. */
export function withContent(span: SpanData, content: readonly SpanEventLike[]): SpanData {
  return content.length === 0 ? span : { ...span, events: [...span.events, ...content.map(toEvent)] };
}
