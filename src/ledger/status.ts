import type { BackpressureStatus, CircuitBreakerStatus } from '../health.js';
import type { Protocol } from '../model.js';
import type { Counters } from './counters.js';
import type { Ledger } from './ledger.js';
import type { LogCounters } from './log-counts.js';
import type { MediaCounts } from './media-counts.js';
import type { SpoolStatus } from './spool-status.js';

/** `disabled`: switched off or without keys. `new`: no span yet. `draining`: shutting down. */
export type ExporterState = 'new' | 'running' | 'draining' | 'closed' | 'disabled';

export interface ExporterCounters extends Counters {
  /** Content that came on the logs signal, record by record. */
  readonly logs: LogCounters;
  /** Files in content, reference by reference. */
  readonly media: MediaCounts;
  /** Places in which a marker was sent, because the mask failed. */
  readonly withheld: number;
}

/** A snapshot, plain JSON. */
export interface ExporterStatus {
  readonly state: ExporterState;
  /** Undefined until the first batch. */
  readonly protocol: Protocol | undefined;
  /** What the server's health endpoint said; undefined when it was not asked or did not say. */
  readonly serverVersion: string | undefined;
  readonly ledger: Ledger;
  /** What is counted beside the ledger, whose unit is the span. */
  readonly counters: ExporterCounters;
  /** How full memory is, and what is done about it. */
  readonly backpressure: BackpressureStatus;
  readonly circuit: CircuitBreakerStatus;
  /** Undefined without `persistence`. */
  readonly spool: SpoolStatus | undefined;
}

/** What became of the spans a flush waited for. */
export interface FlushReport {
  readonly delivered: number;
  readonly rejected: number;
  readonly sampledOut: number;
  readonly dropped: number;
  /** Safe on disk: left there, or still on their way. */
  readonly spooled: number;
  /** Still on their way when the flush ended, and in memory only. */
  readonly pending: number;
  readonly durationMs: number;
  /** The flush ended because its time was over. */
  readonly deadlineHit: boolean;
}

/** The whole ledger at the end. */
export interface ShutdownReport extends Ledger {
  readonly durationMs: number;
  readonly deadlineHit: boolean;
}

export interface CloseOptions {
  /** Default: `shutdownTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /**
   * Reject with a `LangfuseError` (`SHUTDOWN_ERROR`) when spans were lost, the report being in its `details`.
   * @defaultValue `false`: the loss is logged and told to `onError`
   */
  readonly throwOnLoss?: boolean | undefined;
}
