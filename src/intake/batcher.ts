import type { Clock, Timer } from '../ports.js';
import { Pace } from './pace.js';
import type { QueuedSpan, SpanQueue } from './span-queue.js';

/** Long enough to get something done, short enough that the application does not feel it. */
const SLICE_MS = 5;

export interface BatcherOptions {
  /** Spans that make a batch: so many are moved at once, without waiting. */
  readonly batchSpans: () => number;
  /** Longest wait of a span for others. */
  readonly intervalMs: number;
}

/** What is done with each span, and after each batch of them. */
export interface BatchWork {
  /** Called before a span is taken; what it returns is awaited (a resource that is still being detected). */
  prepare(next: QueuedSpan): Promise<void> | undefined;
  process(next: QueuedSpan): void;
  /** A batch is complete, or nothing is left. */
  batchDone(): void;
}

/**
 * Moves ended spans out of the queue, off the application's stack: a full batch at once, the rest when the interval
 * is over or when somebody asks for it. In slices, so that the event loop stays responsive.
 */
export class Batcher {
  readonly pace: Pace = new Pace();
  readonly #queue: SpanQueue;
  readonly #options: BatcherOptions;
  readonly #work: BatchWork;
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #running = false;
  /** Spans to move although they do not fill a batch. */
  #due = 0;
  #isStopped = false;

  constructor(queue: SpanQueue, options: BatcherOptions, work: BatchWork, clock: Clock) {
    this.#queue = queue;
    this.#options = options;
    this.#work = work;
    this.#clock = clock;
  }

  /** From now on the queue is somebody else's. */
  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  /** A span was queued. */
  notify(): void {
    if (this.#running || this.#isStopped) return;
    if (this.#queue.length >= this.#options.batchSpans() || this.#options.intervalMs === 0) {
      this.#start();
      return;
    }
    this.#timer ??= this.#clock.after(this.#options.intervalMs, () => this.drain());
  }

  /** Moves everything that is queued now, full batch or not. */
  drain(): void {
    this.#due = this.#queue.length;
    if (!this.#running && !this.#isStopped && this.#due > 0) this.#start();
  }

  #start(): void {
    this.#running = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#clock.soon(() => void this.#run());
  }

  async #run(): Promise<void> {
    let inBatch = 0;
    let inSlice = 0;
    let sliceEnd = this.#clock.now() + SLICE_MS;
    for (let next = this.#next(inBatch); next !== undefined; next = this.#next(inBatch)) {
      const wait = this.#work.prepare(next);
      if (wait !== undefined) {
        await wait;
        inSlice = 0;
        sliceEnd = this.#clock.now() + SLICE_MS;
      }
      const entry = this.#isStopped ? undefined : this.#queue.take();
      if (entry) this.#work.process(entry);
      if (this.#due > 0) this.#due--;
      inBatch++;
      inSlice++;
      if (inBatch >= this.#options.batchSpans()) {
        inBatch = 0;
        this.#work.batchDone();
      }
      // After each span: reading the clock costs nothing beside one, and one with a mask may cost milliseconds.
      const now = this.#clock.now();
      if (now >= sliceEnd) {
        this.pace.slice(inSlice, now - sliceEnd + SLICE_MS);
        inSlice = 0;
        await new Promise<void>((resolve) => this.#clock.soon(resolve));
        const again = this.#clock.now();
        this.pace.pause(again - now);
        sliceEnd = again + SLICE_MS;
      }
    }
    this.#running = false;
    this.#work.batchDone();
    if (this.#queue.length > 0) this.notify();
  }

  /** A batch that was begun is completed only from what is due or would fill it. */
  #next(inBatch: number): QueuedSpan | undefined {
    if (this.#isStopped) return undefined;
    if (this.#due > 0 || this.#options.intervalMs === 0) return this.#queue.peek();
    const fillsBatch = inBatch + this.#queue.length >= this.#options.batchSpans();
    return fillsBatch ? this.#queue.peek() : undefined;
  }
}
