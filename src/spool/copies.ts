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
  /** It was on disk, and had to make room for others. */
  wasLostToQuota: boolean;
  /** When it was made, on the clock that no setting of the time moves. */
  readonly since: number;
}

/** Which of the records in memory are on disk as well, and where. */
export class Copies {
  readonly #copies = new Map<Held, Copy>();
  #savedWaiting = 0;
  #savedLeased = 0;
  #savedLeasedSize = 0;

  /** Waiting, and on disk. */
  get savedWaiting(): number {
    return this.#savedWaiting;
  }

  /** Under way, and on disk. */
  get savedLeased(): number {
    return this.#savedLeased;
  }

  get savedLeasedSize(): number {
    return this.#savedLeasedSize;
  }

  add(held: Held, since: number, place?: Place): void {
    const copy = { place, isLeased: false, hasDeparted: false, isTold: false, wasLostToQuota: false, since };
    this.#copies.set(held, copy);
    this.#count(held, copy, 1);
  }

  /** Undefined when it is not in memory any more, or not on disk. */
  placeOf(held: Held): Place | undefined {
    return this.#copies.get(held)?.place;
  }

  placesOf(held: readonly Held[]): readonly Place[] {
    const places: Place[] = [];
    for (const one of held) {
      const place = this.placeOf(one);
      if (place !== undefined) places.push(place);
    }
    return places;
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
    this.#count(held, copy, -1);
    copy.place = place;
    this.#count(held, copy, 1);
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
    if (copy === undefined) return;
    this.#count(held, copy, -1);
    if (copy.isTold) held.group.saved(-1);
    copy.isTold = false;
    copy.place = undefined;
  }

  /** The same, because others needed the room. */
  lostToQuota(held: Held): void {
    this.unsaved(held);
    const copy = this.#copies.get(held);
    if (copy !== undefined) copy.wasLostToQuota = true;
  }

  /** It is nowhere but in memory because of that. */
  wasLostToQuota(held: Held): boolean {
    const copy = this.#copies.get(held);
    return copy?.place === undefined && copy?.wasLostToQuota === true && !held.tries.mayHaveArrived;
  }

  leased(held: Held, isLeased: boolean): void {
    const copy = this.#copies.get(held);
    if (copy === undefined) return;
    this.#count(held, copy, -1);
    copy.isLeased = isLeased;
    copy.hasDeparted = false;
    this.#count(held, copy, 1);
  }

  departed(held: Held): void {
    const copy = this.#copies.get(held);
    if (copy !== undefined) copy.hasDeparted = true;
  }

  /** A request with it was out, and the server does not have it. */
  hasAnswer(held: Held): boolean {
    return !held.tries.mayHaveArrived && this.#copies.get(held)?.hasDeparted === true;
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
    this.#count(held, copy, -1);
    if (copy.isTold) held.group.saved(-1);
    return copy.place;
  }

  /** They leave memory. Where those are that are on disk is returned. */
  removeAll(held: readonly Held[]): readonly Place[] {
    const places: Place[] = [];
    for (const one of held) {
      const place = this.remove(one);
      if (place !== undefined) places.push(place);
    }
    return places;
  }

  /** Those that are in memory only. */
  *unsavedOnes(): Generator<Held, void> {
    for (const [held, { place }] of this.#copies) if (place === undefined) yield held;
  }

  /** Those on disk, in segments that `test` is true of. */
  *savedIn(test: (segment: SegmentFile) => boolean): Generator<Held, void> {
    for (const [held, { place }] of this.#copies) if (place !== undefined && test(place.segment)) yield held;
  }

  #count({ record }: Held, { place, isLeased }: Copy, sign: 1 | -1): void {
    if (place === undefined) return;
    if (!isLeased) this.#savedWaiting += sign;
    else {
      this.#savedLeased += sign;
      this.#savedLeasedSize += sign * record.size;
    }
  }
}

/** For records whose spans ended in another process: nobody asks for them. */
export const NOBODY: Settlement = { settle() {}, saved() {} };
