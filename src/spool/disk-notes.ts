import { randomBytes } from 'node:crypto';
import type { Held } from '../ports.js';
import type { Copies } from './copies.js';
import type { DiskBreaker } from './disk-breaker.js';
import { errorCode } from './file-system.js';
import type { Journal, Place } from './journal.js';
import type { LeftOvers } from './left-overs.js';
import type { Mark } from './marks.js';
import type { SegmentFile } from './segment-file.js';

/** Of a request of which one record says nothing about the others: each is looked for by itself. */
const NO_NUMBER = 0;

/**
 * Notes on disk what became of records, and removes the segments that nobody needs any more. A note that cannot be
 * written costs a repeat after a crash, and nothing else.
 */
export class DiskNotes {
  readonly #copies: Copies;
  readonly #journal: Journal;
  readonly #leftOvers: LeftOvers;
  readonly #breaker: DiskBreaker;
  readonly #leaveLost: () => void;

  /** @param leaveLost - lets go of directories that others have taken over. */
  constructor(copies: Copies, journal: Journal, leftOvers: LeftOvers, breaker: DiskBreaker, leaveLost: () => void) {
    this.#copies = copies;
    this.#journal = journal;
    this.#leftOvers = leftOvers;
    this.#breaker = breaker;
    this.#leaveLost = leaveLost;
  }

  mark(mark: Mark, held: readonly Held[]): void {
    for (const [segment, ids] of bySegment(this.#copies.placesOf(held)))
      this.#try(segment, () => segment.mark(mark, ids));
  }

  /** A request with them is about to go out. */
  departs(held: readonly Held[]): void {
    const provesAll = !held.some(({ tries }) => tries.isElsewhere);
    const request = provesAll ? randomBytes(5).readUIntLE(0, 5) : NO_NUMBER;
    for (const [segment, ids] of bySegment(this.#copies.placesOf(held)))
      this.#try(segment, () => segment.departs(request, ids));
  }

  /** They come back from delivery: those of which the server has said that it does not have them. */
  answered(held: readonly Held[]): void {
    const sure = held.filter((one) => this.#copies.hasAnswer(one));
    this.mark('answered', sure);
  }

  /** They need not be sent any more. */
  settled(places: readonly Place[]): void {
    for (const [segment, ids] of bySegment(places)) {
      this.#try(segment, () => segment.settle(ids));
      this.#try(segment, () => {
        this.#journal.removeIfEmpty(segment);
        this.#leftOvers.removeIfEmpty(segment);
      });
    }
  }

  #try(segment: SegmentFile, work: () => void): void {
    try {
      work();
    } catch (failure) {
      // A directory that is gone is no failing disk.
      if (errorCode(failure) === 'ENOENT' && this.#isLost(segment)) return;
      this.#breaker.fail('noting what was sent', failure, 0);
    }
  }

  /** Often a note is the first thing that a process writes which was frozen, and taken for dead. */
  #isLost(segment: SegmentFile): boolean {
    this.#leaveLost();
    return !this.#journal.has(segment) && !this.#leftOvers.has(segment);
  }
}

function bySegment(places: readonly Place[]): ReadonlyMap<SegmentFile, readonly number[]> {
  const ids = new Map<SegmentFile, number[]>();
  for (const { segment, id } of places) {
    const known = ids.get(segment);
    if (known === undefined) ids.set(segment, [id]);
    else known.push(id);
  }
  return ids;
}
