/** A body refused as too large is followed by smaller ones; each success lets them grow a little again. */
const SHRINK = 0.8;
const GROW = 1.1;
const LEAST_BYTES = 64 * 1024;

/** How large a request may be: the option, or less where the server or a proxy before it takes less. */
export class SizeLimit {
  readonly #configured: number;
  #learned: number;

  constructor(configured: number) {
    this.#configured = configured;
    this.#learned = configured;
  }

  get bytes(): number {
    return this.#learned;
  }

  tooLarge(bytes: number): void {
    this.#learned = Math.max(
      Math.min(LEAST_BYTES, this.#configured),
      Math.floor(Math.min(bytes, this.#learned) * SHRINK),
    );
  }

  /** A request of this size was taken: when it was near the limit, the limit may be higher. */
  accepted(bytes: number): void {
    if (bytes * 2 < this.#learned || this.#learned === this.#configured) return;
    this.#learned = Math.min(this.#configured, Math.ceil(this.#learned * GROW));
  }
}
