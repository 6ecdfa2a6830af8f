/** After a refusal bodies are this much smaller. */
const SHRINK = 0.8;
/** A lone record is cut by more: each attempt costs content, and there are few. */
const SHRINK_ALONE = 0.5;
const GROW = 1.1;
/** What was refused is approached, but not tried again for so many successes: proxies seldom change their minds. */
const BELOW_REFUSED = 0.95;
const FORGET_EVERY = 200;
const LEAST_BYTES = 64 * 1024;

/** How large a request may be: the option, or less where the server or a proxy before it takes less. */
export class SizeLimit {
  readonly #configured: number;
  #learned: number;
  /** The smallest size that was refused. */
  #refused = Number.POSITIVE_INFINITY;
  #successes = 0;

  constructor(configured: number) {
    this.#configured = configured;
    this.#learned = configured;
  }

  get bytes(): number {
    return this.#learned;
  }

  tooLarge(bytes: number, records: number): void {
    const smaller = Math.floor(bytes * (records === 1 ? SHRINK_ALONE : SHRINK));
    this.#refused = Math.min(this.#refused, bytes);
    this.#successes = 0;
    this.#learned = Math.max(Math.min(LEAST_BYTES, this.#configured), Math.min(this.#learned, smaller));
  }

  /** A request of this size was taken: when it was near the limit, the limit may be higher. */
  accepted(bytes: number): void {
    if (bytes * 2 < this.#learned || this.#learned === this.#configured) return;
    this.#successes++;
    if (this.#successes % FORGET_EVERY === 0) this.#refused *= GROW / BELOW_REFUSED;
    const larger = Math.min(this.#learned * GROW, this.#refused * BELOW_REFUSED, this.#configured);
    this.#learned = Math.max(this.#learned, Math.floor(larger));
  }
}
