import type { LangfuseError } from './errors.js';
import type { ObservationRecord } from './model.js';

/** A timer that does not hold the process open unless `ref` says so. */
export interface Timer {
  cancel(): void;
  ref(): void;
  unref(): void;
}

/** All time goes through here, so that tests can own it. */
export interface Clock {
  /** Monotonic milliseconds: for every duration and deadline. */
  now(): number;
  /** Milliseconds since the epoch: only for what leaves the process. */
  wallMs(): number;
  after(ms: number, fn: () => void): Timer;
  /** In a later turn of the event loop, never on the caller's stack. */
  soon(fn: () => void): Timer;
}

/** What has been done to deliver a record. */
export interface TriesSoFar {
  readonly count: number;
  ms: number;
  mayHaveArrived: boolean;
  add(ms: number): void;
  shrink(): boolean;
}

/** What sampling says of the trace that a span belongs to; one for all its spans, kept beside them. */
export interface Sampling {
  /** With which the trace was kept; final once a span of it has left memory. */
  readonly probability: number;
  /** The trace was given up while all of it was still in memory. */
  readonly isCondemned: boolean;
  /** The span is sent although its trace was given up. */
  readonly isPartial: boolean;
  /** Where a sampler before us says its probability, with ours in it. */
  readonly traceState: string | undefined;
  /** A span of the trace leaves memory, to a server or to a disk: from now on all of it is kept. */
  commit(): void;
}

/** A record on its way, with what is not part of it. */
export interface Held {
  readonly record: ObservationRecord;
  /** Absent where nothing is sampled. */
  readonly sampling?: Sampling | undefined;
  readonly tries: TriesSoFar;
  /** The spans it is accounted for with (a flush, an `export` call). */
  readonly group: Settlement;
}

/** Where a span of a group ended. */
export type Fate = 'delivered' | 'rejected' | 'sampledOut' | 'dropped' | 'spooled';

export interface Settlement {
  settle(fate: Fate, count: number, failure?: LangfuseError): void;
}

/**
 * Records borrowed for delivery. Each one is given back exactly once: settled (it is gone, whatever became of it) or
 * released (it waits again, in front).
 */
export interface Lease {
  readonly held: readonly Held[];
  /** Those not yet given back. */
  left(): readonly Held[];
  settle(held: readonly Held[]): void;
  release(held: readonly Held[]): void;
}

/** Records waiting for delivery, in memory or on disk. */
export interface Spool {
  readonly waiting: number;
  readonly leased: number;
  /** Of both, in `record.size`. */
  readonly size: number;
  append(held: Held): void;
  /** The oldest records, within both bounds, but at least one; undefined when none waits. */
  lease(maxRecords: number, maxSize: number): Lease | undefined;
}

/** What waits in memory, so that it can be looked through and thinned out. */
export interface Waiting<T> {
  forEach(visit: (item: T) => void): void;
  /** Puts in the place of each item what `fate` makes of it; undefined takes it away. */
  sweep(fate: (item: T) => T | undefined): void;
}

/** One request, complete but for what the connection adds. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Below the base URL. */
  readonly path: string;
  readonly headers: Readonly<{ [name: string]: string }>;
  readonly body?: string | Uint8Array | undefined;
  /** Sending it twice changes nothing: it is repeated when a connection turns out to be closed. */
  readonly isRepeatable?: boolean | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<{ [name: string]: string | readonly string[] | undefined }>;
  /** Cut at 4 MiB. */
  readonly text: string;
}

export interface Transport {
  /** Resolves with whatever the server answered, rejects when there was no answer. */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
  /** Waits for nothing: open connections are ended. */
  close(): Promise<void>;
}

/** What an encoder must know about the server it writes for. */
export interface ServerTraits {
  /** Undefined until the server told. */
  readonly version?: string | undefined;
  /** Knows `agent-create` … `guardrail-create` (since 3.98.2). */
  readonly manyTypes: boolean;
  /** Knows only `usage`, not `usageDetails` (before 3.2.0). */
  readonly oldUsage: boolean;
  /** Shows JSON text as text, so that content must go as the structure it describes (before 3.0.0). */
  readonly wantsStructures: boolean;
}

/** A batch in the bytes of one protocol, and which event of it belongs to which record. */
export interface EncodedBatch {
  readonly body: Uint8Array;
  /** Event id → position in the batch of each record that depends on it. Empty where the protocol has no events. */
  readonly recordsOf: ReadonlyMap<string, readonly number[]>;
}

export interface Encoder {
  encode(records: readonly ObservationRecord[], traits: ServerTraits): EncodedBatch;
}
