/** How often a record may be cut further after the server found it too large. */
const MAX_SHRINKS = 2;

/** What has been done to deliver one record. Kept beside it, because the record itself never changes. */
export class Tries {
  /** Attempts, probes of an open circuit not counted. */
  count = 0;
  /** Milliseconds of attempts and of the waits between them. */
  ms = 0;
  /** A request with it got no clear answer: it may be at the server. */
  mayHaveArrived = false;
  #shrinks = 0;

  add(ms: number): void {
    this.count++;
    this.ms += ms;
  }

  /** True when it may be cut once more. */
  shrink(): boolean {
    return this.#shrinks++ < MAX_SHRINKS;
  }
}
