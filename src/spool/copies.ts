import type { Held, Settlement } from '../ports.js';
import type { Place } from './journal.js';
import type { SegmentFile } from './segment-file.js';

interface Copy {
  place: Place | undefined;
  isLeased: boolean;
  /** A request with it is out. */
  hasDeparted: boolean;
  /** Its group knows that it is safe. */
  isTold: boolean;
  /** When it was made, on the clock that no setting of the time moves. */
  readonly since: number;
}

/** Which of the records in memory are on disk as well, and where. */
export class Copies {
  readonly #copies = new Map<Held, Copy>();
  #savedWaiting = 0;

  /** Waiting, and on disk. */
  get savedWaiting(): number {
    return this.#savedWaiting;
  }

  add(held: Held, since: number, place?: Place): void {
    this.#copies.set(held, { place, isLeased: false, hasDeparted: false, isTold: false, since });
    if (place !== undefined) this.#savedWaiting++;
  }

  /** Undefined when it is not in memory any more, or not on disk. */
  placeOf(held: Held): Place | undefined {
    return this.#copies.get(held)?.place;
  }

  sinceOf(held: Held): number | undefined {
    return this.#copies.get(held)?.since;
  }

  /** On disk, as surely as was promised. */
  isTold(held: Held): boolean {
    return this.#copies.get(held)?.isTold ?? false;
  }

  saved(held: Held, place: Place): void {
    const copy = this.#copies.get(held);
    if (copy === undefined) return;
    if (copy.place === undefined && !copy.isLeased) this.#savedWaiting++;
    copy.place = place;
  }

  /** The group is told that it need not fear for it: once. */
  tell(held: Held): void {
    const copy = this.#copies.get(held);
    if (copy?.place === undefined || copy.isTold) return;
    copy.isTold = true;
    held.group.saved(1);
  }

  /** The copy on disk is gone; the record is not. */
  unsaved(held: Held): void {
    const copy = this.#copies.get(held);
    if (copy?.place === undefined) return;
    copy.place = undefined;
    if (!copy.isLeased) this.#savedWaiting--;
    if (copy.isTold) held.group.saved(-1);
    copy.isTold = false;
  }

  leased(held: Held, isLeased: boolean): void {
    const copy = this.#copies.get(held);
    if (copy === undefined || copy.isLeased === isLeased) return;
    copy.isLeased = isLeased;
    copy.hasDeparted = false;
    if (copy.place !== undefined) this.#savedWaiting += isLeased ? -1 : 1;
  }

  departed(held: Held): void {
    const copy = this.#copies.get(held);
    if (copy !== undefined) copy.hasDeparted = true;
  }

  /** It may be at the server already. */
  isInDoubt(held: Held): boolean {
    return held.tries.mayHaveArrived || this.#copies.get(held)?.hasDeparted === true;
  }

  /** It leaves memory. Where it is on disk is returned. */
  remove(held: Held): Place | undefined {
    const copy = this.#copies.get(held);
    if (copy === undefined) return undefined;
    this.#copies.delete(held);
    if (copy.place !== undefined && !copy.isLeased) this.#savedWaiting--;
    if (copy.isTold) held.group.saved(-1);
    return copy.place;
  }

  /** Those that are in memory only. */
  *unsavedOnes(): Generator<Held, void> {
    for (const [held, { place }] of this.#copies) if (place === undefined) yield held;
  }

  /** Those on disk, in segments that `test` is true of. */
  *savedIn(test: (segment: SegmentFile) => boolean): Generator<Held, void> {
    for (const [held, { place }] of this.#copies) if (place !== undefined && test(place.segment)) yield held;
  }
}

/** For records whose spans ended in another process: nobody asks for them. */
export const NOBODY: Settlement = { settle() {}, saved() {} };
