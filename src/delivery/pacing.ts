export interface PacingOptions {
  readonly initial: number;
  readonly max: number;
}

/**
 * How many requests may run at once: doubling with each success until the server shows strain for the first time,
 * after that one more for each full round of successes and half as many for each strain (additive increase,
 * multiplicative decrease, as TCP does it).
 */
export class Pacing {
  readonly #max: number;
  #limit: number;
  #strained = false;
  #successes = 0;

  constructor({ initial, max }: PacingOptions) {
    this.#limit = initial;
    this.#max = max;
  }

  get limit(): number {
    return this.#limit;
  }

  succeed(): void {
    this.#successes++;
    if (this.#strained && this.#successes < this.#limit) return;
    this.#successes = 0;
    this.#limit = Math.min(this.#max, this.#strained ? this.#limit + 1 : this.#limit * 2);
  }

  /** The server is back after an outage: one request first, then it may grow as at the beginning. */
  restart(): void {
    this.#strained = false;
    this.#successes = 0;
    this.#limit = 1;
  }

  /** The server asked for less, or was slow to answer. */
  strain(): void {
    this.#strained = true;
    this.#successes = 0;
    this.#limit = Math.max(1, this.#limit >> 1);
  }
}
