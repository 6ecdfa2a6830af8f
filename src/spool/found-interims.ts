import type { LeftDoubt, LeftSegment } from './left-over-parts.js';
import { type FrameHeader, INTERIM } from './segment.js';

/** A segment that a scan has come to, with what it found in it so far. */
export interface ScannedSegment {
  readonly segment: LeftSegment;
  /** Records of it that may be at the server. */
  readonly doubts: LeftDoubt[];
}

/** During a scan of a directory: the interim records whose complete one has not been come upon yet. */
export class FoundInterims {
  readonly #open = new Map<number, ScannedSegment>();
  readonly #superseded = new Map<ScannedSegment, number[]>();

  /** One that nobody has settled. */
  add({ id, flags }: FrameHeader, home: ScannedSegment): void {
    if ((flags & INTERIM) !== 0) this.#open.set(id, home);
  }

  /** What is found is told here, settled or not: as a complete record it ends the interim one, wherever that is. */
  complete({ id, flags }: FrameHeader, where: ScannedSegment): void {
    const home = this.#open.get(id);
    if (home === undefined || (flags & INTERIM) !== 0) return;
    this.#open.delete(id);
    takeOut(id, home);
    if (home !== where) this.#superseded.set(home, [...(this.#superseded.get(home) ?? []), id]);
  }

  /** What is still to be found may change how many there are in the segment. */
  has(scanned: ScannedSegment): boolean {
    for (const home of this.#open.values()) if (home === scanned) return true;
    return false;
  }

  /** Those whose complete record is in another segment, which may be removed first. */
  supersededIn(scanned: ScannedSegment): readonly number[] {
    return this.#superseded.get(scanned) ?? [];
  }
}

/** Notes are on both, so what is noted of a complete record in the same segment put the interim one in doubt, too. */
function takeOut(id: number, { segment, doubts }: ScannedSegment): void {
  const inDoubt = doubts.findIndex(({ place }) => place.id === id);
  if (inDoubt === -1) segment.unread--;
  else doubts.splice(inDoubt, 1);
  segment.completed.add(id);
  segment.file.live--;
}
