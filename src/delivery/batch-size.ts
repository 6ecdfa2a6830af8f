import type { Protocol } from '../model.js';

const TARGET_MS = 1_000;
const SLOW_MS = 3_000;
const LEAST = 10;

export interface BatchSizeOptions {
  /** The user's upper bound for both protocols, if there is one. */
  readonly flushAt: number | undefined;
  readonly otlp: number;
  readonly otlpBacklog: number;
  readonly ingestion: number;
  readonly ingestionMax: number;
}

/**
 * How many records go into one request. On OTLP a server stores a request in one piece, so a backlog is answered
 * with larger ones. On ingestion it stores every event inside the request, so the size follows the measured answer
 * time: aim at a second, halve above three or on a time-out, or a busy server is pushed into a spiral of time-outs.
 */
export class BatchSize {
  readonly #options: BatchSizeOptions;
  #ingestion: number;

  constructor(options: BatchSizeOptions) {
    this.#options = options;
    this.#ingestion = Math.min(options.ingestion, options.flushAt ?? Number.POSITIVE_INFINITY);
  }

  /** @param backlog - how many records wait. */
  next(protocol: Protocol, backlog: number): number {
    if (protocol === 'ingestion') return this.#ingestion;
    const { flushAt, otlp, otlpBacklog } = this.#options;
    return flushAt ?? Math.max(otlp, Math.min(backlog, otlpBacklog));
  }

  /** An answer to a request of `records` records came after `ms`, or did not come in time. */
  observe(protocol: Protocol, records: number, ms: number, timedOut: boolean): void {
    if (protocol !== 'ingestion') return;
    if (timedOut || ms > SLOW_MS) {
      this.#ingestion = Math.max(Math.min(LEAST, this.#ingestion), Math.floor(Math.min(records, this.#ingestion) / 2));
    } else if (records >= this.#ingestion && ms < TARGET_MS) {
      const most = this.#options.flushAt ?? this.#options.ingestionMax;
      this.#ingestion = Math.min(most, Math.ceil(this.#ingestion * Math.min(2, TARGET_MS / Math.max(ms, 1))));
    }
  }
}
