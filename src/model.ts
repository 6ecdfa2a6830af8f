import type { Attributes, HrTime, ResourceData, ScopeData, SpanEventData, SpanLinkData } from './span.js';
import type { ChangeKind } from './wire-rules.js';

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
  /** Metadata of one span that its trace shows too, but no other span. */
  readonly sharedMetadata?: Readonly<Record<string, unknown>> | undefined;
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
  /** `langfuse.experiment.*`, without the prefix: which item of which run of a dataset this is. */
  readonly experiment?: Readonly<Record<string, unknown>> | undefined;
  readonly call?: CallFacts | undefined;
  /** What of the span had to be left out already, because no server keeps it; undefined when nothing had to. */
  readonly changed?: readonly ChangeKind[] | undefined;
}

/** What tells whether model, tokens and cost of an observation are counted elsewhere already. Not sent. */
export interface CallFacts {
  /** The provider's id of the answer. */
  readonly responseId: string | undefined;
  /** Known to pass on only what happened in its children. */
  readonly isWrapper: boolean;
  /** No source names a type: it is what the model makes it. */
  readonly isTypeInferred: boolean;
  /** Stated outright, in Langfuse's own attributes. */
  readonly isModelExplicit: boolean;
  readonly isUsageExplicit: boolean;
  readonly isCostExplicit: boolean;
}

/** What a span told: the observation, and what it has from where it started unless it says otherwise itself. */
export interface Told {
  readonly observation: Observation;
  readonly inherited?: TraceFields | undefined;
  /** The name of the span with which the trace entered this process. */
  readonly entryName?: string | undefined;
}

/** How an observation concerns its trace. */
export interface TraceUpdate {
  /** What the trace shows: everything known of it, this observation included. */
  readonly fields: TraceFields;
  /** What the span itself carries: its own words, then what it was given, then what is known of the trace. */
  readonly spanFields: TraceFields;
  /** Earliest start seen. */
  readonly startTime: HrTime;
  /** The trace is new, has changed, or its root has come: the server's trace must hear of it. */
  readonly concernsTrace: boolean;
  readonly isRoot: boolean;
  /** Its input and output are the trace's, where nobody gave the trace others. */
  readonly lendsContent: boolean;
  /** Envelope time of the trace event, milliseconds: the server merges by it, so what is known later has a later one. */
  readonly spokenAtMs: number;
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

/** What becomes of a request that may have arrived, where a repeat would show: looked up first, sent again, given up. */
export type ResendAmbiguous = 'verify' | true | false;

export type Protocol = 'ingestion' | 'otlp';

/** What a request is to its batch: the first one, a repeat, a part of it, or a probe of an open circuit. */
export const ATTEMPT_KINDS = ['first', 'retry', 'part', 'probe'] as const;
export type AttemptKind = (typeof ATTEMPT_KINDS)[number];
