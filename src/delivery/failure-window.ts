import type { Clock } from '../ports.js';

const SIZE = 20;
const LEAST_SAMPLES = 10;
const MAX_AGE_MS = 60_000;

interface Sample {
  readonly at: number;
  readonly ok: boolean;
}

/** The last results, for a server that fails often but not in a row. */
export class FailureWindow {
  readonly #clock: Clock;
  #samples: Sample[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(ok: boolean): void {
    this.#samples.push({ at: this.#clock.now(), ok });
    if (this.#samples.length > SIZE) this.#samples.shift();
  }

  clear(): void {
    this.#samples = [];
  }

  /** At least half of the last 20 results failed, of at least 10 that are younger than a minute. */
  get isMostlyFailing(): boolean {
    const oldest = this.#clock.now() - MAX_AGE_MS;
    const recent = this.#samples.filter(({ at }) => at >= oldest);
    return recent.length >= LEAST_SAMPLES && recent.filter(({ ok }) => !ok).length * 2 >= recent.length;
  }
}
