/** So many bad records, and more bad than good ones: the rest need not be tried one by one. */
const ENOUGH_BAD = 8;

/** How many times a batch may still be halved, and what came of it so far. */
export class Bisection {
  #splitsLeft: number;
  /** Records that were refused alone, and those taken from a batch that was refused whole. */
  #bad = 0;
  #good = 0;

  /** Enough to isolate a handful of bad records by halving; if more are bad, the request itself is. */
  constructor(records: number) {
    this.#splitsLeft = 2 * Math.ceil(Math.log2(records + 1)) + 8;
  }

  good(records: number): void {
    this.#good += records;
  }

  bad(): void {
    this.#bad++;
  }

  /** Takes one split; true when there is none left, or no sense in it. */
  isHopeless(): boolean {
    return this.#splitsLeft-- <= 0 || (this.#bad >= ENOUGH_BAD && this.#bad > this.#good);
  }
}

/** A batch in two. */
export function halvesOf<T>(batch: readonly T[]): readonly [readonly T[], readonly T[]] {
  const middle = batch.length >> 1;
  return [batch.slice(0, middle), batch.slice(middle)];
}
