import type { LeftSegment } from './left-over-parts.js';
import { type FrameHeader, INTERIM } from './segment.js';

/** During a scan of a directory: the interim records whose complete one has not been come upon yet. */
export class FoundInterims {
  readonly #open = new Map<number, LeftSegment>();
  readonly #superseded = new Map<LeftSegment, number[]>();

  /** One that nobody has settled. */
  add({ id, flags }: FrameHeader, segment: LeftSegment): void {
    if ((flags & INTERIM) !== 0) this.#open.set(id, segment);
  }

  /** What is found is told here, settled or not: as a complete record it ends the interim one, wherever that is. */
  complete({ id, flags }: FrameHeader, segment: LeftSegment): void {
    const home = this.#open.get(id);
    if (home === undefined || (flags & INTERIM) !== 0) return;
    this.#open.delete(id);
    home.completed.add(id);
    home.unread--;
    home.file.live--;
    if (home !== segment) this.#superseded.set(home, [...(this.#superseded.get(home) ?? []), id]);
  }

  /** What is still to be found may change how many there are in the segment. */
  has(segment: LeftSegment): boolean {
    for (const home of this.#open.values()) if (home === segment) return true;
    return false;
  }

  /** Those whose complete record is in another segment, which may be removed first. */
  supersededIn(segment: LeftSegment): readonly number[] {
    return this.#superseded.get(segment) ?? [];
  }
}
