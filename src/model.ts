import type { LangfuseError } from './errors.js';
import type { Attributes, HrTime, ResourceData, ScopeData, SpanEventData, SpanLinkData } from './span.js';

/** Langfuse's observation types, in the spelling of `langfuse.observation.type`. */
export type ObservationType =
  | 'span'
  | 'generation'
  | 'event'
  | 'embedding'
  | 'agent'
  | 'tool'
  | 'chain'
  | 'retriever'
  | 'guardrail'
  | 'evaluator';

export type ObservationLevel = 'DEBUG' | 'DEFAULT' | 'WARNING' | 'ERROR';

/** A value that `JSON.stringify` keeps as it is. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What belongs to the trace rather than to one observation. Only what is known: absent means unknown, never "none". */
export interface TraceFields {
  readonly name?: string | undefined;
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly public?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly version?: string | undefined;
  readonly release?: string | undefined;
  /** Explicit `langfuse.trace.input`; without it the root observation's input is the trace's. */
  readonly input?: unknown;
  readonly output?: unknown;
}

/**
 * `trace`: no parent. `local`: the parent is in another process, so this is where the trace enters ours.
 * `inner`: everything else.
 */
export type Position = 'trace' | 'local' | 'inner';

/** A name and a version of a Langfuse prompt; Langfuse rejects one without the other. */
export interface PromptLink {
  readonly name: string;
  readonly version: number;
}

/** One span in Langfuse's terms. Absent fields are unknown; nothing is null. */
export interface Observation {
  readonly traceId: string;
  /** The span id. */
  readonly id: string;
  readonly parentId?: string | undefined;
  readonly position: Position;
  readonly type: ObservationType;
  readonly name: string;
  readonly startTime: HrTime;
  /** Never before `startTime`. */
  readonly endTime: HrTime;
  readonly completionStartTime?: HrTime | undefined;
  readonly level: ObservationLevel;
  readonly statusMessage?: string | undefined;
  readonly environment: string;
  readonly version?: string | undefined;
  readonly release?: string | undefined;
  /** A string is kept verbatim (often JSON text made by the instrumentation); anything else becomes JSON. */
  readonly input?: unknown;
  readonly output?: unknown;
  readonly model?: string | undefined;
  readonly modelParameters?: Readonly<Record<string, string | number>> | undefined;
  /** Tokens by Langfuse's canonical keys; the buckets do not overlap, except `total`. */
  readonly usage?: Readonly<Record<string, number>> | undefined;
  /** US dollars by the same keys, always with `total`. */
  readonly cost?: Readonly<Record<string, number>> | undefined;
  readonly prompt?: PromptLink | undefined;
  /** Top-level metadata of the user: `langfuse.observation.metadata.*`, `ai.telemetry.metadata.*`, … */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Source attributes that are not content: they travel as `metadata.attributes`. */
  readonly attributes: Attributes;
  /** Span events that are not content (exceptions, custom events). */
  readonly events: readonly SpanEventData[];
  readonly links: readonly SpanLinkData[];
  readonly kind: number;
  /** OpenTelemetry status code: 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly resource: ResourceData;
  readonly scope: ScopeData;
  readonly trace: TraceFields;
}

/** How an observation concerns its trace. */
export interface TraceUpdate {
  /** Everything known of the trace, this observation included. */
  readonly fields: TraceFields;
  /** Earliest start seen. */
  readonly startTime: HrTime;
  /** The trace is new, has changed, or its root has come: the server's trace must hear of it. */
  readonly concernsTrace: boolean;
  readonly isRoot: boolean;
}

/** JSON text of one value: made once when the record is made, and only arranged afterwards. */
export type Json = string;

/** One top-level metadata entry. */
export interface MetadataEntry {
  readonly key: string;
  readonly value: Json;
}

/** A resource in both forms it travels in; one object for all records of a resource. */
export interface ResourceJson {
  /** A JSON object: `metadata.resourceAttributes` of an ingestion event. */
  readonly attributes: Json;
  /** A JSON array: the attributes of an OTLP resource. */
  readonly otlp: Json;
}

/** The trace fields a record carries: on OTLP they ride on the span, on ingestion they make the trace event. */
export interface TraceRecord {
  readonly name?: Json | undefined;
  readonly userId?: Json | undefined;
  readonly sessionId?: Json | undefined;
  readonly tags?: Json | undefined;
  readonly public?: Json | undefined;
  readonly version?: Json | undefined;
  readonly release?: Json | undefined;
  readonly metadata: readonly MetadataEntry[];
}

/** A `trace-create` event for servers that keep traces (v2, v3): it travels, and settles, with its record. */
export interface TraceEvent {
  /** `<record id>-trace`: a record makes one at most, and its content is as final as the record, so a repeated send is the same event. */
  readonly id: string;
  /** Envelope time: the server merges the events of a trace in this order. */
  readonly timestamp: string;
  /** The trace's own time: its earliest start known here. */
  readonly startTime: string;
  readonly environment: Json;
  /** Text, as in the record. */
  readonly input?: string | undefined;
  readonly output?: string | undefined;
  /** A root's event wins over the others of its trace within one batch. */
  readonly fromRoot: boolean;
}

/**
 * An observation serialised once: ids, times and field values are final and survive retries, restarts and a change
 * of protocol. Neutral between the protocols: encoders only put the pieces in their places.
 */
export interface ObservationRecord {
  /** `<trace id>-<span id>`: names the record everywhere, also as the id of its ingestion event. */
  readonly id: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string | undefined;
  readonly position: Position;
  readonly type: ObservationType;
  readonly kind: number;
  readonly statusCode: number;
  readonly level: ObservationLevel;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  /** ISO 8601, milliseconds. */
  readonly completionStartTime?: string | undefined;
  readonly name: Json;
  readonly environment: Json;
  readonly statusMessage?: Json | undefined;
  readonly version?: Json | undefined;
  readonly release?: Json | undefined;
  /**
   * Text, often JSON text: the one form that every server keeps as it is. Quoted only when it is written, because a
   * quoted copy of every prompt that waits would double what is held.
   */
  readonly input?: string | undefined;
  readonly output?: string | undefined;
  readonly model?: Json | undefined;
  readonly modelParameters?: Json | undefined;
  readonly usage?: Json | undefined;
  readonly cost?: Json | undefined;
  readonly promptName?: Json | undefined;
  readonly promptVersion?: number | undefined;
  readonly metadata: readonly MetadataEntry[];
  readonly resource: ResourceJson;
  /** Span events and links in OTLP's own JSON, ready to be placed; absent when there are none. */
  readonly otlpEvents?: Json | undefined;
  readonly otlpLinks?: Json | undefined;
  /** W3C `tracestate`, where it tells with which probability the span got here. */
  readonly traceState?: string | undefined;
  readonly trace: TraceRecord;
  readonly traceEvent?: TraceEvent | undefined;
  /** About what it takes in a request, in UTF-16 units: what a batch is planned with. */
  readonly size: number;
}

/** Why an ended span was never accepted. */
export const REFUSAL_REASONS = ['queue_full', 'backpressure', 'already_shutdown', 'internal_error'] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Why an accepted span was given up. */
export const DROP_REASONS = [
  'serialization_error',
  'too_large',
  'delivery_timeout',
  'shutdown_deadline',
  'disk_quota',
  'disk_error',
  'expired',
  'corrupt',
  'quarantined',
  'ambiguous',
  'internal_error',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

export type Protocol = 'ingestion' | 'otlp';

/** Why the server refused one record for good. */
export interface Rejection {
  readonly status: number;
  readonly message: string;
  /** The server does not know events of this type at all. */
  readonly isTypeUnknown?: boolean | undefined;
}

/** What came of one request. `cause` is always the error a user would be shown. */
export type Outcome =
  /** The server has every record of it, but for so many that it refused for good without saying which. */
  | {
      readonly kind: 'accepted';
      readonly traceEventRejections: readonly Rejection[];
      readonly refusedUnnamed?: { readonly count: number; readonly cause: LangfuseError };
      /** A rate limit is used up: the next request is refused unless it waits so long. */
      readonly restMs?: number;
    }
  /** Told record by record, by position in the batch; what is in neither list was accepted. */
  | {
      readonly kind: 'partial';
      readonly rejected: ReadonlyMap<number, Rejection>;
      readonly retry: ReadonlySet<number>;
      readonly traceEventRejections: readonly Rejection[];
      readonly cause: LangfuseError;
      readonly restMs?: number;
    }
  /** Nothing is known to be wrong with the request; later it may pass. `mayHaveArrived`: only the answer may be lost. */
  | {
      readonly kind: 'retry';
      readonly cause: LangfuseError;
      readonly mayHaveArrived: boolean;
      readonly afterMs?: number | undefined;
    }
  /** The request itself is bad, for a reason somewhere in its content. */
  | { readonly kind: 'refused'; readonly cause: LangfuseError }
  | { readonly kind: 'too_large'; readonly cause: LangfuseError }
  /** This server does not take spans at this endpoint. */
  | { readonly kind: 'wrong_protocol'; readonly cause: LangfuseError }
  /** Somebody has to change something: keys, address, plan. */
  | { readonly kind: 'hold'; readonly cause: LangfuseError };

export const OUTCOME_KINDS: readonly Outcome['kind'][] = [
  'accepted',
  'partial',
  'retry',
  'refused',
  'too_large',
  'wrong_protocol',
  'hold',
];

/** What a request is to its batch: the first one, a repeat, a part of it, or a probe of an open circuit. */
export const ATTEMPT_KINDS = ['first', 'retry', 'part', 'probe'] as const;
export type AttemptKind = (typeof ATTEMPT_KINDS)[number];

/** Why the circuit is not closed. */
export type CircuitReason =
  /** The server or the way to it fails. */
  | 'failures'
  /** The server said how long to stay away (`Retry-After`). */
  | 'throttle'
  /** Somebody has to mend something: keys, plan, address, certificate. */
  | 'refused';

export interface CircuitBreakerStatus {
  readonly state: 'closed' | 'open' | 'half-open' | 'hold';
  /** Failures in a row. */
  readonly failures: number;
  /** When the last one was, ISO 8601. */
  readonly lastFailure: string | undefined;
  /** Nothing is sent before, ISO 8601; undefined while the circuit is closed or half-open. */
  readonly openUntil: string | undefined;
  readonly reason: CircuitReason | undefined;
}

/** How full the memory for spans is (with `delivery: 'at-least-once'`: the disk), and what is done about it. */
export interface BackpressureStatus {
  /** Spans held in memory: waiting, or in a request. */
  readonly queueDepth: number;
  /** `queue.maxSpans`. */
  readonly queueCapacity: number;
  /** By count, by bytes or, with a disk, by its quota, whichever is most; 1 is full. */
  readonly utilization: number;
  /** From when the high water mark was held, or nearly all is full, until the load is over. */
  readonly isUnderPressure: boolean;
  /** Share of new traces that is kept, `sampleRate` aside: 1 without pressure, and 0 while new traces are refused. */
  readonly samplingRate: number;
}
