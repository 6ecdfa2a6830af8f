/** Counts spans that have started and not yet ended, as far as we were told. */
export class OpenSpans {
  #count = 0;
  readonly #whenNone: (() => void)[] = [];

  started(): void {
    this.#count++;
  }

  /** Also of spans whose start we did not see. */
  ended(): void {
    this.#count = Math.max(0, this.#count - 1);
    if (this.#count > 0) return;
    for (const resolve of this.#whenNone.splice(0)) resolve();
  }

  /** Undefined when none is open. */
  whenNone(): Promise<void> | undefined {
    return this.#count === 0 ? undefined : new Promise((resolve) => this.#whenNone.push(resolve));
  }
}
