import type { QueuedSpan } from '../intake/span-queue.js';
import type { Told } from '../model.js';

/** An asynchronous mask mostly waits for a service: so many spans at a time keep it busy without flooding it. */
const MAX_SPANS = 64;

interface Waiting {
  readonly queued: QueuedSpan;
  /** Set when the mask has answered. */
  told: Told | undefined;
}

/**
 * Spans between the queue and the spool whose mask has not answered yet. They leave in the order in which they came,
 * so that a trace is told in the order in which it happened; a mask's time limit bounds how long one holds up others.
 */
export class WaitingForMask {
  #spans: Waiting[] = [];
  #bytes = 0;
  readonly #whenRoom: (() => void)[] = [];

  get length(): number {
    return this.#spans.length;
  }

  /** As the queue counts them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when one more may come; undefined when it may at once. */
  room(): Promise<void> | undefined {
    if (this.#spans.length < MAX_SPANS) return undefined;
    return new Promise((resolve) => this.#whenRoom.push(resolve));
  }

  /** @param leave - called with the spans that are ready, each in its turn, unless it was abandoned before. */
  async add(
    queued: QueuedSpan,
    told: Told | PromiseLike<Told>,
    leave: (queued: QueuedSpan, told: Told) => void,
  ): Promise<void> {
    const waiting: Waiting = { queued, told: undefined };
    this.#spans.push(waiting);
    this.#bytes += queued.bytes;
    waiting.told = await told;
    for (let first = this.#spans[0]; first?.told !== undefined; first = this.#spans[0]) {
      this.#spans.shift();
      this.#bytes -= first.queued.bytes;
      leave(first.queued, first.told);
    }
    this.#makeRoom();
  }

  /** Waits no longer: the spans that are still there, whose masks are not listened to any more. */
  abandon(): readonly QueuedSpan[] {
    const left = this.#spans.map(({ queued }) => queued);
    this.#spans = [];
    this.#bytes = 0;
    this.#makeRoom();
    return left;
  }

  #makeRoom(): void {
    if (this.#spans.length >= MAX_SPANS) return;
    for (const resolve of this.#whenRoom.splice(0)) resolve();
  }
}
