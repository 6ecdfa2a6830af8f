import type { LogRecordLike } from '../log-record.js';
import type { Clock } from '../ports.js';
import { ChainedMap } from '../runtime/chained-map.js';
import type { SpanLike } from '../span.js';

/** A span that has left, with the records of content it left with and those that came since. */
export interface SentSpan {
  readonly span: SpanLike;
  readonly records: LogRecordLike[];
  /** Records that came since, and are not sent. */
  late: number;
}

interface Entry extends SentSpan {
  readonly bytes: number;
  readonly at: number;
}

export interface SentBounds {
  readonly maxSpans: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/**
 * Spans whose content may still come although they have left, for a while. One that is forgotten is not lost: it was
 * sent, and its content is then counted as what came for no span.
 */
export class SentSpans {
  readonly #bounds: SentBounds;
  readonly #clock: Clock;
  readonly #entries = new ChainedMap<string, Entry>();
  #bytes = 0;

  constructor(bounds: SentBounds, clock: Clock) {
    this.#bounds = bounds;
    this.#clock = clock;
  }

  /** @param bytes - of the span and its records, roughly. */
  add(spanKey: string, span: SpanLike, records: readonly LogRecordLike[], bytes: number): void {
    this.#remove(spanKey);
    this.#entries.set(spanKey, { span, records: [...records], late: 0, bytes, at: this.#clock.now() });
    this.#bytes += bytes;
    const { maxSpans, maxBytes, maxAgeMs } = this.#bounds;
    const oldestAllowed = this.#clock.now() - maxAgeMs;
    for (let oldest = this.#entries.oldest; oldest !== undefined; oldest = this.#entries.oldest) {
      const isOld = oldest.value.at < oldestAllowed;
      if (!isOld && this.#entries.size <= maxSpans && this.#bytes <= maxBytes) return;
      this.#remove(oldest.key);
    }
  }

  get(spanKey: string): SentSpan | undefined {
    return this.#entries.get(spanKey);
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #remove(spanKey: string): void {
    this.#bytes -= this.#entries.delete(spanKey)?.bytes ?? 0;
  }
}
