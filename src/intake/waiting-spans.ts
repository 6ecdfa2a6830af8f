import type { Clock, Timer } from '../ports.js';
import { ChainedMap } from '../runtime/chained-map.js';
import type { QueuedSpan } from './span-queue.js';

interface Waiting {
  readonly queued: QueuedSpan;
  readonly until: number;
}

/**
 * Spans that ended and wait for their content, each for the same time at most, so the first in is the first to go. They
 * are part of the queue in every account: counted as `queued`, and against its bounds.
 */
export class WaitingSpans {
  readonly #waitMs: number;
  readonly #clock: Clock;
  readonly #release: (queued: QueuedSpan) => void;
  readonly #spans = new ChainedMap<string, Waiting>();
  readonly #due = new Set<string>();
  #bytes = 0;
  #timer: Timer | undefined;

  /** @param release - takes a span that has waited long enough; it does not wait again. */
  constructor(waitMs: number, clock: Clock, release: (queued: QueuedSpan) => void) {
    this.#waitMs = waitMs;
    this.#clock = clock;
    this.#release = release;
  }

  get length(): number {
    return this.#spans.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(spanKey: string, queued: QueuedSpan): void {
    this.#spans.set(spanKey, { queued, until: this.#clock.now() + this.#waitMs });
    this.#bytes += queued.bytes;
    this.#watch();
  }

  has(spanKey: string): boolean {
    return this.#spans.has(spanKey);
  }

  /** What it waited for has begun to come: it goes in a later turn, when the rest of it is there as well. */
  releaseSoon(spanKey: string): void {
    if (this.#due.size === 0) this.#clock.soon(() => this.#releaseDue());
    this.#due.add(spanKey);
  }

  releaseAll(): void {
    this.#releaseUntil(Number.POSITIVE_INFINITY);
  }

  #releaseDue(): void {
    const due = [...this.#due];
    this.#due.clear();
    for (const spanKey of due) this.#let(spanKey);
  }

  #let(spanKey: string): void {
    const waiting = this.#spans.delete(spanKey);
    if (waiting === undefined) return;
    this.#bytes -= waiting.queued.bytes;
    this.#release(waiting.queued);
  }

  #releaseUntil(time: number): void {
    for (let oldest = this.#spans.oldest; oldest !== undefined; oldest = this.#spans.oldest) {
      if (oldest.value.until > time) return;
      this.#let(oldest.key);
    }
  }

  /** One timer, for the first in line. */
  #watch(): void {
    const { oldest } = this.#spans;
    if (this.#timer !== undefined || oldest === undefined) return;
    this.#timer = this.#clock.after(oldest.value.until - this.#clock.now(), () => {
      this.#timer = undefined;
      this.#releaseUntil(this.#clock.now());
      this.#watch();
    });
  }
}
