import type { Clock } from '../ports.js';

/**
 * Pieces of work that are short each, but too long all at once: one for each turn of the event loop, so that the
 * application gets its turns in between.
 */
export class Turns {
  readonly #clock: Clock;
  #last: Promise<void> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves in a turn that nobody else was given. */
  next(): Promise<void> {
    this.#last = this.#last.then(
      () =>
        new Promise((resolve) => {
          this.#clock.soon(resolve);
        }),
    );
    return this.#last;
  }
}
