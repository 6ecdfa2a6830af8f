/** Seconds and nanoseconds since the Unix epoch, as every OpenTelemetry JS SDK keeps them. */
export type HrTime = readonly [seconds: number, nanoseconds: number];

/** The end of 2299: later times fit neither the database's columns nor, from 2554, OTLP's 64 bits of nanoseconds. */
export const LAST_SECOND = 10_413_791_999;

/** What we read of a span context. The same in SDK 1.x, 2.x and 3.x. */
export interface SpanContextLike {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote?: boolean | undefined;
  readonly traceState?: { serialize(): string } | undefined;
}

export interface SpanStatusLike {
  /** 0 unset, 1 ok, 2 error. */
  readonly code: number;
  readonly message?: string | undefined;
}

export interface SpanEventLike {
  readonly name: string;
  readonly time: HrTime;
  readonly attributes?: object | undefined;
}

export interface SpanLinkLike {
  readonly context: SpanContextLike;
  readonly attributes?: object | undefined;
}

export interface ScopeLike {
  readonly name: string;
  readonly version?: string | undefined;
}

export interface ResourceLike {
  readonly attributes: object;
  readonly asyncAttributesPending?: boolean | undefined;
  waitForAsyncAttributes?(): Promise<void>;
}

/**
 * A finished span as SDK 1.30, 2.x and 3.x hand it to processors and exporters: the union of their shapes, and
 * nothing we do not read. 1.x has `parentSpanId` and `instrumentationLibrary`; 2.x and 3.x have
 * `parentSpanContext` and `instrumentationScope`. Attribute values may be anything (3.x nests them).
 */
export interface SpanLike {
  readonly name: string;
  readonly kind: number;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly status: SpanStatusLike;
  readonly attributes: object;
  readonly events: readonly SpanEventLike[];
  readonly links: readonly SpanLinkLike[];
  readonly resource: ResourceLike;
  readonly parentSpanContext?: SpanContextLike | undefined;
  readonly parentSpanId?: string | undefined;
  readonly instrumentationScope?: ScopeLike | undefined;
  readonly instrumentationLibrary?: ScopeLike | undefined;
  /** What the limits of the SDK took from it. */
  readonly droppedAttributesCount?: number | undefined;
  readonly droppedEventsCount?: number | undefined;
  readonly droppedLinksCount?: number | undefined;
  spanContext(): SpanContextLike;
}

/** A question about a span that the application answers: may throw, or return what is no boolean. */
export type SpanTest = (span: SpanLike) => unknown;

/** The parent that an observation has in Langfuse; without a `spanId` it has none. */
export interface Parentage {
  readonly spanId: string | undefined;
  /** The parent is in another process, so that the trace enters ours here. */
  readonly isRemote: boolean;
}

/** Attribute values by key. `unknown`, because SDK 3.x nests values and hostile code sets anything. */
export type Attributes = Readonly<Record<string, unknown>>;

export interface SpanEventData {
  readonly name: string;
  readonly time: HrTime;
  readonly attributes: Attributes;
}

export interface SpanLinkData {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

/** One per OpenTelemetry resource object, so that what is derived from it can be cached by identity. */
export interface ResourceData {
  readonly attributes: Attributes;
}

export interface ScopeData {
  readonly name: string;
  readonly version?: string | undefined;
  readonly attributes?: Attributes | undefined;
}

/** A span as plain data: what translation takes, whoever made it (an SDK, an OTLP request, a test). */
export interface SpanData {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  /** Absent for the root of a trace. */
  readonly parentSpanId?: string | undefined;
  /** The parent lives in another process, so this span is the local root. */
  readonly parentIsRemote: boolean;
  readonly name: string;
  /** 0 internal, 1 server, 2 client, 3 producer, 4 consumer: the API's numbers, one less than OTLP's. */
  readonly kind: number;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly status: SpanStatusLike;
  readonly attributes: Attributes;
  readonly events: readonly SpanEventData[];
  readonly links: readonly SpanLinkData[];
  readonly resource: ResourceData;
  readonly scope: ScopeData;
  /** What the limits of the SDK took from it; absent when nothing. */
  readonly dropped?: DroppedCounts | undefined;
}

export interface DroppedCounts {
  readonly droppedAttributes?: number;
  readonly droppedEvents?: number;
  readonly droppedLinks?: number;
}
