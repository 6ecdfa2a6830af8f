/** What a span is taken to need before any was measured. */
const FIRST_GUESS_MS = 0.1;
/** How much the latest slice weighs. */
const LATEST = 0.2;

/** How fast spans have become records lately: on this machine, and beside whatever else runs on it. */
export class Pace {
  #msPerSpan = FIRST_GUESS_MS;
  #msBetween = 0;

  /** So many spans at one go. */
  slice(spans: number, ms: number): void {
    if (spans > 0) this.#msPerSpan += LATEST * (ms / spans - this.#msPerSpan);
  }

  /** How long others had their turn until the next. */
  pause(ms: number): void {
    this.#msBetween += LATEST * (ms - this.#msBetween);
  }

  /** How long so many spans take in slices of `sliceMs`. */
  msFor(spans: number, sliceMs: number): number {
    return spans * this.#msPerSpan * (1 + this.#msBetween / sliceMs);
  }
}
