import type { Interim } from '../ports.js';
import type { Place } from './journal.js';
import type { SegmentFile } from './segment-file.js';

/**
 * Where on disk the interim records are, each until the complete one is there as well. The process that wrote them
 * never sends them; they are for the next one, should this one be killed.
 */
export class InterimRecords {
  readonly #places = new Map<Interim, Place>();
  readonly #settled: (places: readonly Place[]) => void;

  /** @param settled - notes on disk that what is there need not be sent. */
  constructor(settled: (places: readonly Place[]) => void) {
    this.#settled = settled;
  }

  saved(interim: Interim, place: Place): void {
    this.#places.set(interim, place);
  }

  /** The id with which the complete record is written: one write, after which no crash brings back both. */
  frameIdOf(interim: Interim | undefined): number | undefined {
    return interim && this.#places.get(interim)?.id;
  }

  /** The complete record is on disk. */
  replaced(interim: Interim, by: Place): void {
    const place = this.#take(interim);
    if (place === undefined) return;
    // A note would be on both of them, and none is needed.
    if (place.segment === by.segment) place.segment.live--;
    else this.#settled([place]);
  }

  /** Nothing has to be sent of the span any more. */
  end(interim: Interim): void {
    const place = this.#take(interim);
    if (place !== undefined) this.#settled([place]);
  }

  /** Whatever became of the rest of the span, the next process finds this. False when it does not. */
  leave(interim: Interim): boolean {
    return this.#take(interim) !== undefined;
  }

  /** The segment is gone, or somebody else's. */
  lose(isGone: (segment: SegmentFile) => boolean): void {
    for (const [interim, { segment }] of this.#places) if (isGone(segment)) this.#places.delete(interim);
  }

  #take(interim: Interim): Place | undefined {
    const place = this.#places.get(interim);
    this.#places.delete(interim);
    return place;
  }
}
