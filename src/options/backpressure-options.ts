import type { SpanLike } from '../span.js';

/** What is done when more spans come than go. */
export interface BackpressureOptions {
  /**
   * `'sample'`: whole traces are given up, as few as possible, and those that are kept say for how many they stand.
   * `'reject'`: spans of new traces are refused (`refused.backpressure`, `BACKPRESSURE_ERROR` to `onError`), traces that
   * are known go on. `'off'`: nothing, until the queue is full (`refused.queue_full`).
   * @defaultValue `'sample'`
   */
  readonly strategy?: 'sample' | 'reject' | 'off' | undefined;
  /**
   * Utilization, 0 to 1, at which pressure begins when it is held for a second; 0.95 is enough at once, because a burst
   * that the senders can clear is not overload.
   * @defaultValue `0.7`
   */
  readonly highWaterMark?: number | undefined;
  /**
   * Utilization below which pressure ends. Less than `highWaterMark`.
   * @defaultValue `0.4`
   */
  readonly lowWaterMark?: number | undefined;
  /**
   * The share of new traces that is kept never falls below this, above 0 and at most 1.
   * @defaultValue `0.01`
   */
  readonly minSamplingRate?: number | undefined;
  /**
   * Traces that are given up last. Asked when a trace begins in this process, with the attributes its first span
   * has at that moment; a span attribute `sampling.priority` above 0 does the same. What it throws means no.
   */
  readonly protect?: ((span: SpanLike) => boolean) | undefined;
  /**
   * Spans with error status are sent although their trace is given up, marked `langfuse.trace.partial`.
   * @defaultValue `false`, because whole traces are the promise
   */
  readonly rescueErrors?: boolean | undefined;
}
