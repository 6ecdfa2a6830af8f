import type { SpanContextLike, SpanData, SpanLike } from '../../src/span.js';
import { corpus } from './corpus.js';
import { spanDataOf } from './otlp-span-data.js';

/** Every recorded span of every library, in the shape of SDK 2.x, in the order in which they ended. */
export function corpusSpans(): SpanLike[] {
  return corpus().flatMap(({ resourceSpans }) => spanDataOf(resourceSpans).map(toSpanLike));
}

/** Plain data of a span as an SDK hands it over. */
export function toSpanLike(data: SpanData): SpanLike {
  const { traceId, spanId, parentSpanId, parentIsRemote, links, scope, ...same } = data;
  const contextOf = (id: string, isRemote: boolean): SpanContextLike => ({
    traceId,
    spanId: id,
    traceFlags: 1,
    isRemote,
  });
  const context = contextOf(spanId, false);
  return {
    ...same,
    links: links.map((link) => ({ context: { ...link, traceFlags: 1 }, attributes: link.attributes })),
    parentSpanContext: parentSpanId === undefined ? undefined : contextOf(parentSpanId, parentIsRemote),
    instrumentationScope: scope,
    spanContext: () => context,
  };
}
