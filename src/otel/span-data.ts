import type {
  Attributes,
  ResourceData,
  ResourceLike,
  ScopeData,
  SpanData,
  SpanEventLike,
  SpanLike,
  SpanLinkLike,
} from '../span.js';

const NO_ATTRIBUTES: Attributes = Object.freeze({});
const NO_SCOPE: ScopeData = Object.freeze({ name: '' });
const NONE: readonly never[] = Object.freeze([]);
const NO_PARENT = '0000000000000000';

/** The plain data of a finished span, without copying its content. */
export function toSpanData(span: SpanLike): SpanData {
  const { traceId, spanId } = span.spanContext();
  const parent = span.parentSpanContext;
  const parentSpanId = parent?.spanId ?? span.parentSpanId;
  return {
    traceId,
    spanId,
    parentSpanId: parentSpanId && parentSpanId !== NO_PARENT ? parentSpanId : undefined,
    parentIsRemote: parent?.isRemote === true,
    name: span.name,
    kind: span.kind,
    startTime: span.startTime,
    endTime: span.endTime,
    status: span.status,
    attributes: span.attributes as Attributes,
    events: span.events.length === 0 ? NONE : span.events.map(toEvent),
    links: span.links.length === 0 ? NONE : span.links.map(toLink),
    resource: resourceOf(span.resource),
    scope: span.instrumentationScope ?? span.instrumentationLibrary ?? NO_SCOPE,
  };
}

function toEvent({ name, time, attributes }: SpanEventLike): SpanData['events'][number] {
  return { name, time, attributes: (attributes as Attributes | undefined) ?? NO_ATTRIBUTES };
}

function toLink({ context, attributes }: SpanLinkLike): SpanData['links'][number] {
  const { traceId, spanId } = context;
  return { traceId, spanId, attributes: (attributes as Attributes | undefined) ?? NO_ATTRIBUTES };
}

const resources = new WeakMap<ResourceLike, ResourceData>();

/** One object per SDK resource, read once it is complete. */
function resourceOf(resource: ResourceLike): ResourceData {
  const known = resources.get(resource);
  if (known) return known;
  const data: ResourceData = { attributes: resource.attributes as Attributes };
  if (!resource.asyncAttributesPending) resources.set(resource, data);
  return data;
}
