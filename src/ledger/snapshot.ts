import type { BackpressureStatus, CircuitBreakerStatus } from '../health.js';
import type { Ledger } from './ledger.js';

/** All that a reader of metrics is told, as it is at one moment. */
export interface Snapshot {
  readonly ledger: Ledger;
  /** Spans in memory that were in a request before and wait for the next one. */
  readonly returned: number;
  readonly memory: {
    readonly maxSpans: number;
    readonly bytes: number;
    readonly maxBytes: number;
    readonly utilization: number;
  };
  /** Undefined without one. */
  readonly diskUtilization: number | undefined;
  /** Seconds since the oldest span in memory ended; 0 when there is none. */
  readonly oldestAgeS: number;
  readonly backpressure: BackpressureStatus;
  readonly circuit: CircuitBreakerStatus;
  /** Requests that may run at the same time. */
  readonly concurrencyLimit: number;
  readonly attempts: readonly Tallied[];
  readonly transitions: readonly Tallied[];
}

/** How often something happened, by its labels. */
export interface Tallied {
  readonly labels: Readonly<{ [key: string]: string }>;
  readonly count: number;
}
