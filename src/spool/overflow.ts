import type { Settlement, TriesSoFar } from '../ports.js';
import type { Place } from './journal.js';
import type { SegmentFile } from './segment-file.js';

/** A record that is on disk only, with what is not part of it. */
export interface OnDisk {
  readonly place: Place;
  readonly tries: TriesSoFar;
  readonly group: Settlement;
  readonly since: number;
}

const COMPACT_AT = 1_024;

/** What waits on disk because memory has no room for it: first in, first out. */
export class Overflow {
  #entries: OnDisk[] = [];
  #head = 0;

  get length(): number {
    return this.#entries.length - this.#head;
  }

  push(entry: OnDisk): void {
    this.#entries.push(entry);
  }

  /** The next ones that lie one behind the other in one segment, at least one, within `maxBytes` of it. */
  takeRun(maxRecords: number, maxBytes: number): readonly OnDisk[] {
    const first = this.#entries[this.#head];
    if (first === undefined) return [];
    let end = this.#head + 1;
    let last = first.place;
    for (let next = this.#entries[end]; next !== undefined; next = this.#entries[end]) {
      const { segment, at, bytes } = next.place;
      // What was given back by delivery is queued behind what is younger.
      const follows = segment === last.segment && at >= last.at + last.bytes;
      if (!follows || end - this.#head >= maxRecords || at + bytes - first.place.at > maxBytes) break;
      last = next.place;
      end++;
    }
    const run = this.#entries.slice(this.#head, end);
    this.#head = end;
    if (this.#head >= COMPACT_AT || this.#head === this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return run;
  }

  /** They could not be read just now. */
  putBack(run: readonly OnDisk[]): void {
    this.#entries = [...run, ...this.#entries.slice(this.#head)];
    this.#head = 0;
  }

  takeAll(): readonly OnDisk[] {
    const taken = this.#entries.slice(this.#head);
    this.#entries = [];
    this.#head = 0;
    return taken;
  }

  /** Those in segments that `test` is true of. */
  takeIn(test: (segment: SegmentFile) => boolean): readonly OnDisk[] {
    const all = this.takeAll();
    this.#entries = all.filter(({ place }) => !test(place.segment));
    return all.filter(({ place }) => test(place.segment));
  }
}
