import type { Clock, Timer } from '../ports.js';

export interface GatheringOptions {
  /** So many records are worth a request. */
  readonly enough: () => number;
  /** Fewer go after this time. */
  readonly intervalMs: number;
}

/**
 * Makes requests of many records where records come in small numbers: a span that is to survive its process becomes a
 * record, and goes to disk, long before it is worth a request.
 */
export class Gathering {
  readonly #options: GatheringOptions;
  readonly #clock: Clock;
  #timer: Timer | undefined;
  /** What waits has waited for long enough. */
  #isDue = false;

  constructor(options: GatheringOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** Whether to send now what waits. @param whenDue - called later, when the answer is no. */
  isWorthIt(waiting: number, whenDue: () => void): boolean {
    const { enough, intervalMs } = this.#options;
    if (this.#isDue || waiting >= enough()) return true;
    this.#timer ??= this.#clock.after(intervalMs, () => {
      this.#timer = undefined;
      this.#isDue = true;
      whenDue();
    });
    return false;
  }

  /** Whatever waits goes at once. */
  hurry(): void {
    this.#isDue = true;
  }

  /** A request was made, and so many records still wait. */
  left(waiting: number): void {
    if (waiting > 0) return;
    this.#isDue = false;
    this.cancel();
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
