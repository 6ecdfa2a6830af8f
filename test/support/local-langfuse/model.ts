/** Nouns of the local Langfuse: what clients send it, and what it shows afterwards. */

export type JsonObject = Record<string, unknown>;

/** One event of the ingestion protocol, or of the mapping that turns a span into such events. */
export interface IngestionEvent {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly body: JsonObject;
}

/** A span as v4 keeps it: one row per delivery, which carries the trace fields its own attributes had. */
export interface EventRow {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly type: string;
  readonly environment: string;
  readonly version: string | null;
  readonly release: string | null;
  readonly startTime: string;
  readonly endTime: string | null;
  readonly level: string;
  readonly statusMessage: string | null;
  readonly promptName: string | null;
  readonly promptVersion: number | null;
  readonly modelParameters: unknown;
  readonly model: string | null;
  readonly completionStartTime: string | null;
  readonly usageDetails: Readonly<Record<string, number>>;
  readonly costDetails: Readonly<Record<string, number>>;
  readonly tags: readonly string[];
  readonly public: boolean;
  readonly isAppRoot: boolean;
  readonly traceName: string | null;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly input: unknown;
  readonly output: unknown;
  readonly metadata: JsonObject;
}

/** A trace as the reading API shows it: on v4 without a trace table, made up from its rows. */
export interface LocalTrace {
  readonly id: string;
  readonly timestamp: string;
  /** `''` on v3 and v4 when nobody gave a name, as the servers have it. */
  readonly name: string | null;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly tags: readonly string[];
  readonly public: boolean;
  readonly environment: string;
  readonly release: string | null;
  readonly version: string | null;
  /** JSON text is shown parsed, on every profile. */
  readonly input: unknown;
  readonly output: unknown;
  readonly metadata: unknown;
}

export interface LocalObservation {
  readonly id: string;
  readonly traceId: string | null;
  readonly parentObservationId: string | null;
  /** Upper case: SPAN, GENERATION, EVENT, AGENT, … */
  readonly type: string;
  readonly name: string | null;
  readonly startTime: string;
  readonly endTime: string | null;
  readonly completionStartTime: string | null;
  readonly model: string | null;
  readonly modelParameters: unknown;
  readonly usageDetails: Readonly<Record<string, number>>;
  readonly costDetails: Readonly<Record<string, number>>;
  readonly input: unknown;
  readonly output: unknown;
  readonly metadata: unknown;
  readonly level: string;
  readonly statusMessage: string | null;
  readonly version: string | null;
  readonly environment: string;
  /** As sent: the local server takes every prompt for known. */
  readonly promptName: string | null;
  readonly promptVersion: number | null;
  // What a v4 row carries besides; absent where the server keeps it on the trace.
  readonly userId?: string | null;
  readonly sessionId?: string | null;
  readonly tags?: readonly string[];
  readonly traceName?: string | null;
  readonly public?: boolean;
  readonly release?: string | null;
  readonly isAppRoot?: boolean;
}

export interface LocalScore {
  readonly id: string;
  readonly traceId: string | null;
  readonly observationId: string | null;
  readonly sessionId: string | null;
  readonly name: string;
  readonly value: number | string;
  readonly dataType: string;
  readonly comment: string | null;
  readonly environment: string;
  readonly metadata: unknown;
  readonly timestamp: string;
}

export interface LocalMedia {
  readonly mediaId: string;
  readonly contentType: string;
  readonly contentLength: number;
  readonly sha256Hash: string;
  /** Where it was attached; one medium may be linked several times. */
  readonly links: readonly {
    readonly traceId: string;
    readonly observationId: string | null;
    readonly field: string;
  }[];
  /** Absent until the upload came. */
  readonly bytes?: Buffer;
  /** What the client reported about its upload. */
  readonly report?: { readonly status: number; readonly error: string | null };
}
