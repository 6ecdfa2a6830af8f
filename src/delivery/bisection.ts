import type { Held } from '../ports.js';
import type { Permit } from './circuit-breaker.js';
import type { Unsettled } from './unsettled.js';

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

/** Sends the first half, then the second, as long as requests may go; what is left of both. */
export async function inHalves(
  held: readonly Held[],
  permit: () => Permit | undefined,
  send: (half: readonly Held[], permit: Permit) => Promise<Unsettled>,
): Promise<Unsettled> {
  const middle = held.length >> 1;
  const unsettled: Held[] = [];
  let giveBack = false;
  for (const half of [held.slice(0, middle), held.slice(middle)]) {
    const leave = giveBack ? undefined : permit();
    const rest: Unsettled = leave ? await send(half, leave) : { held: half, giveBack: true };
    unsettled.push(...rest.held);
    giveBack ||= rest.giveBack === true;
  }
  return { held: unsettled, giveBack };
}
