import type { LangfuseError } from './errors.js';
import type { ObservationRecord } from './record.js';

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

/** How many requests the server took, and how many failed, until some moment. */
export interface ServerSeen {
  readonly passed: number;
  readonly failed: number;
}

/** What speaks for it that the server fails at one record, and not at everything. */
export interface SuspicionSoFar {
  /** When a request with it was last answered with a failure of the server. */
  seen: ServerSeen | undefined;
  /** How often it failed by itself while the server worked. */
  alone: number;
  /** Clock time of the first time it failed by itself. */
  since: number | undefined;
  /** How many times it was in the part of a batch with which an open circuit was tried. */
  probed: number;
  /** Others passed while it failed. */
  isProven: boolean;
  /** A whole request fails with it, so that it goes by itself. */
  isApart: boolean;
  /** It is settled, whatever became of it. */
  isOver: boolean;
}

/** What is known of a record that was under way when its process ended. */
export interface LeftUnderWay {
  /** The requests that may have brought it, the same for all that went together; undefined where that is not sure. */
  readonly requests: string | undefined;
  /** Clock time after which none of them began. */
  readonly departedAt: number;
}

/** What has been done to deliver a record. */
export interface TriesSoFar {
  readonly count: number;
  ms: number;
  mayHaveArrived: boolean;
  /** Present when it was under way when its process ended, and nobody has looked since whether it is there. */
  leftInDoubt: LeftUnderWay | undefined;
  /** The ids of all records of each request with it of which it was not known whether it arrived. */
  readonly doubts: ReadonlySet<string>[];
  /** Another process sends it as well: that it is at the server says nothing about the rest of a request of ours. */
  isElsewhere: boolean;
  readonly suspicion: SuspicionSoFar;
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

/** A record of a span that waits for more, on disk until the complete one is. */
export interface Interim {
  /** Of both. */
  readonly recordId: string;
}

/** A record on its way, with what is not part of it. */
export interface Held {
  readonly record: ObservationRecord;
  /** Absent where nothing is sampled. */
  readonly sampling?: Sampling | undefined;
  readonly tries: TriesSoFar;
  /** The spans it is accounted for with (a flush, an `export` call). */
  readonly group: Settlement;
  /** Set where the span has waited, and something of it was written meanwhile. */
  readonly interim?: Interim | undefined;
}

/** What of it is written. */
export type InterimHeld = Pick<Held, 'record' | 'sampling'> & { readonly interim: Interim };

/** Where a span of a group ended. */
export type Fate = 'delivered' | 'rejected' | 'sampledOut' | 'dropped' | 'spooled';

export interface Settlement {
  settle(fate: Fate, count: number, failure?: LangfuseError): void;
  /** So many more of its spans on their way are safe on disk; negative: fewer. */
  saved(count: number): void;
}

/**
 * Records borrowed for delivery. Each one is given back exactly once: settled (it is gone, whatever became of it) or
 * released (it waits again, in front).
 */
export interface Lease {
  readonly held: readonly Held[];
  /** Those not yet given back. */
  left(): readonly Held[];
  /** Runs `encode`, which makes a request of them. Noted around it for what other processes left, in case it kills. */
  encoding<T>(held: readonly Held[], encode: () => T): T;
  /** A request with them is about to go out, by a protocol where a repeat shows: noted, in case the process dies. */
  departs(held: readonly Held[]): void;
  settle(held: readonly Held[]): void;
  release(held: readonly Held[]): void;
}

/** Records that are lent only to be looked for at the server. Released, those in doubt no longer wait with all others. */
export interface InDoubt {
  /** Those that may be leased now. */
  readonly waiting: number;
  lease(maxRecords: number, maxSize: number): Lease | undefined;
}

/** Records waiting for delivery, in memory or on disk. */
export interface Spool {
  readonly waiting: number;
  readonly leased: number;
  /** Of both, in `record.size`. */
  readonly size: number;
  /** Absent where nothing outlives its process. */
  readonly inDoubt?: InDoubt | undefined;
  append(held: Held): void;
  /** The oldest records, within both bounds, but at least one; undefined when none waits. */
  lease(maxRecords: number, maxSize: number): Lease | undefined;
}

/** What is known of spans that wait before they are complete. None of it is sent, except by the next process. */
export interface InterimStore {
  /** To disk, at once, as far as it takes them. */
  append(held: readonly InterimHeld[]): void;
  /** Nothing has to be sent of the span. */
  end(interim: Interim): void;
  /** The process ends before the span is complete. False when nothing of it is on disk. */
  leave(interim: Interim, group: Settlement): boolean;
}

/** What waits in memory, so that it can be looked through and thinned out. */
export interface Waiting<T> {
  forEach(visit: (item: T) => void): void;
  /** Puts in the place of each item what `fate` makes of it; undefined takes it away. */
  sweep(fate: (item: T) => T | undefined): void;
}

/** What a spool holds in memory. */
export interface InMemory {
  readonly waiting: number;
  readonly leased: number;
  readonly size: number;
  /** Waiting, and not for the first time. */
  readonly returned: number;
  /** Roughly the one whose span ended first. */
  oldest(): Held | undefined;
}

/** One request, complete but for what the connection adds. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
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

/** A page of what a server has of a trace; or there is no use in asking, or there was no answer. */
export type LookupPage =
  | { readonly kind: 'rows'; readonly ids: readonly string[]; readonly cursor: string | undefined }
  | { readonly kind: 'refused' | 'failed'; readonly text: string };

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

/** A file that was found in content. */
export interface Medium {
  /** Made from the hash, as the server makes it. */
  readonly id: string;
  /** Base64. */
  readonly sha256: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export type MediaField = 'input' | 'output' | 'metadata';

/** Where the file stood. */
export interface MediaLink {
  readonly traceId: string;
  /** Absent for what belongs to the trace itself. */
  readonly observationId?: string | undefined;
  readonly field: MediaField;
}

/** What came of one step of an upload. `cause` is always the error a user would be shown. */
export type MediaOutcome =
  | { readonly kind: 'done' }
  /** Later it may pass. */
  | { readonly kind: 'retry'; readonly cause: LangfuseError; readonly afterMs?: number | undefined }
  /** This file is not taken. */
  | { readonly kind: 'refused'; readonly cause: LangfuseError }
  /** No file is: the server has nowhere to put them. */
  | { readonly kind: 'unavailable'; readonly cause: LangfuseError };

/** The media store of a Langfuse server. */
export interface MediaServer {
  /** Says that a file stands there; tells where to put its content, or that the server has it. */
  announce(
    medium: Medium,
    link: MediaLink,
    signal: AbortSignal,
  ): Promise<
    { readonly kind: 'announced'; readonly uploadUrl: string | undefined } | Exclude<MediaOutcome, { kind: 'done' }>
  >;
  /** Puts the content there, and tells the server. */
  upload(medium: Medium, uploadUrl: string, signal: AbortSignal): Promise<MediaOutcome>;
}
