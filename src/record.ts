import type { ObservationLevel, ObservationType, Position } from './model.js';
import type { HrTime } from './span.js';
import type { ChangeKind } from './wire-rules.js';

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

/** Trace fields as JSON: on OTLP they ride on the span, on ingestion they make the trace event. */
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
  readonly fields: TraceRecord;
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
  /** By the rest of `langfuse.experiment.<key>`. */
  readonly experiment: readonly MetadataEntry[];
  readonly resource: ResourceJson;
  /** Span events and links in OTLP's own JSON, ready to be placed; absent when there are none. */
  readonly otlpEvents?: Json | undefined;
  readonly otlpLinks?: Json | undefined;
  /** W3C `tracestate`, where it tells with which probability the span got here. */
  readonly traceState?: string | undefined;
  readonly trace: TraceRecord;
  readonly traceEvent?: TraceEvent | undefined;
  /** What had to be changed so that it may leave; undefined when nothing had to. */
  readonly changed?: readonly ChangeKind[] | undefined;
  /** About what it takes in a request, in UTF-16 units: what a batch is planned with. */
  readonly size: number;
}

/** Content that came after its observation was sent, for a server that merges. */
export interface ContentUpdate {
  /** Of the event; the same in every attempt. */
  readonly id: string;
  readonly type: 'generation-update' | 'span-update';
  /** ISO 8601: later than the observation's own, so that it is merged after it. */
  readonly timestamp: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly startTime: string;
  readonly environment: string;
  /** Text, as in the record. */
  readonly input?: string | undefined;
  readonly output?: string | undefined;
  /** What had to be changed about its content; undefined when nothing had to. */
  readonly changed?: readonly ChangeKind[] | undefined;
}
