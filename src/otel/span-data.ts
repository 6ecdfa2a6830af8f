import { toText } from '../runtime/to-text.js';
import {
  type Attributes,
  type DroppedCounts,
  type HrTime,
  LAST_SECOND,
  type ResourceData,
  type ResourceLike,
  type ScopeData,
  type ScopeLike,
  type SpanData,
  type SpanEventLike,
  type SpanLike,
  type SpanLinkLike,
} from '../span.js';

const NO_ATTRIBUTES: Attributes = Object.freeze({});
const NO_SCOPE: ScopeData = Object.freeze({ name: '' });
const NONE: readonly never[] = Object.freeze([]);
const UNSET = Object.freeze({ code: 0 });
const UNNAMED = 'unnamed span';
const NO_PARENT = '0000000000000000';

/**
 * The plain data of a finished span, without copying its content. What a broken SDK leaves out or makes of another
 * type is mended here, once, so that nothing behind has to ask again.
 */
export function toSpanData(span: SpanLike): SpanData {
  const { traceId, spanId } = span.spanContext();
  const parent = span.parentSpanContext;
  const parentSpanId = toId(parent?.spanId ?? span.parentSpanId ?? NO_PARENT);
  const [startTime, endTime] = usableTimes(span.startTime, span.endTime);
  return {
    traceId: toId(traceId),
    spanId: toId(spanId),
    parentSpanId: parentSpanId && parentSpanId !== NO_PARENT ? parentSpanId : undefined,
    parentIsRemote: parent?.isRemote === true,
    name: typeof span.name === 'string' && span.name !== '' ? span.name : UNNAMED,
    kind: isKind(span.kind) ? span.kind : 0,
    startTime,
    endTime,
    status: span.status ?? UNSET,
    attributes: (span.attributes as Attributes | undefined) ?? NO_ATTRIBUTES,
    events: isFilled(span.events) ? span.events.filter(isObject).map(toEvent) : NONE,
    links: isFilled(span.links) ? span.links.filter(hasContext).map(toLink) : NONE,
    resource: resourceOf(span.resource),
    scope: toScope(span.instrumentationScope ?? span.instrumentationLibrary),
    dropped: droppedFrom(span),
  };
}

/** What is no id is mended behind, where the wire asks for one. */
function toId(id: unknown): string {
  return typeof id === 'string' ? id : toText(id);
}

/** The same object for all spans of a tracer, unless it is broken. */
function toScope(scope: ScopeLike | undefined): ScopeData {
  if (!isObject(scope)) return NO_SCOPE;
  return typeof scope.name === 'string' ? scope : { ...scope, name: toText(scope.name ?? '') };
}

function droppedFrom(span: SpanLike): DroppedCounts | undefined {
  const { droppedAttributesCount: attributes, droppedEventsCount: events, droppedLinksCount: links } = span;
  if (!attributes && !events && !links) return undefined;
  return {
    ...(isCount(attributes) && { droppedAttributes: attributes }),
    ...(isCount(events) && { droppedEvents: events }),
    ...(isCount(links) && { droppedLinks: links }),
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isFilled(list: readonly unknown[] | undefined): boolean {
  return Array.isArray(list) && list.length > 0;
}

function isKind(kind: unknown): boolean {
  return typeof kind === 'number' && Number.isInteger(kind) && kind >= 0 && kind <= 4;
}

/** Either time stands in for the other when that is none; when both are none, the span was now. */
function usableTimes(start: unknown, end: unknown): readonly [HrTime, HrTime] {
  const startTime = toTime(start) ?? toTime(end) ?? now();
  return [startTime, toTime(end) ?? startTime];
}

function now(): HrTime {
  const ms = Date.now();
  return [Math.floor(ms / 1000), (ms % 1000) * 1e6];
}

/** Whole numbers, as the wire wants them: old SDKs and hand-made spans have fractions of a nanosecond. */
function toTime(time: unknown): HrTime | undefined {
  if (!Array.isArray(time)) return undefined;
  const given: readonly unknown[] = time;
  const [seconds, nanoseconds] = given;
  if (!isBetween(seconds, 0, LAST_SECOND) || !isBetween(nanoseconds, 0, 1e9)) return undefined;
  // The SDK's own array, uncopied.
  if (isWhole(given)) return given;
  return [Math.floor(seconds), Math.min(Math.floor(nanoseconds), 999_999_999)];
}

function isWhole(time: readonly unknown[]): time is HrTime {
  return Number.isInteger(time[0]) && Number.isInteger(time[1]) && time[1] !== 1e9;
}

function isBetween(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}

export function toEvent({ name, time, attributes }: SpanEventLike): SpanData['events'][number] {
  return {
    name: toText(name),
    time: toTime(time) ?? now(),
    attributes: (attributes as Attributes | undefined) ?? NO_ATTRIBUTES,
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A link without one leads nowhere. */
function hasContext(link: SpanLinkLike): boolean {
  return isObject(link) && isObject(link.context);
}

function toLink({ context, attributes }: SpanLinkLike): SpanData['links'][number] {
  const { traceId, spanId } = context;
  return {
    traceId: toId(traceId),
    spanId: toId(spanId),
    attributes: (attributes as Attributes | undefined) ?? NO_ATTRIBUTES,
  };
}

const resources = new WeakMap<ResourceLike, ResourceData>();
const NO_RESOURCE: ResourceData = Object.freeze({ attributes: NO_ATTRIBUTES });

/** One object per SDK resource, read once it is complete. */
function resourceOf(resource: ResourceLike | undefined): ResourceData {
  if (!isObject(resource)) return NO_RESOURCE;
  const known = resources.get(resource);
  if (known) return known;
  const data: ResourceData = { attributes: (resource.attributes as Attributes | undefined) ?? NO_ATTRIBUTES };
  if (!resource.asyncAttributesPending) resources.set(resource, data);
  return data;
}
