import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { SpanLike } from '../../src/span.js';

const RESOURCE = { attributes: { 'service.name': 'test' } };

/** A finished span in the shape of SDK 2.x; what a test is about it says itself. */
export function spanLike(over: Partial<SpanLike> & { readonly id?: string; readonly traceId?: string } = {}): SpanLike {
  const { id = 'b7ad6b7169203331', traceId = '0af7651916cd43dd8448eb211c80319c', ...rest } = over;
  return {
    name: 'work',
    kind: SpanKind.INTERNAL,
    startTime: [1_790_000_000, 0],
    endTime: [1_790_000_001, 500_000_000],
    status: { code: SpanStatusCode.UNSET },
    attributes: {},
    events: [],
    links: [],
    resource: RESOURCE,
    instrumentationScope: { name: 'test-scope' },
    spanContext: () => ({ traceId, spanId: id, traceFlags: 1 }),
    ...rest,
  };
}
