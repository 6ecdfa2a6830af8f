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
