import type { Held, Lease, Spool, Waiting } from '../ports.js';

/**
 * Records waiting in memory. Released records go back in front, in their old order, so that what waited longest is
 * sent first.
 */
export class MemorySpool implements Spool, Waiting<Held> {
  #waiting: Held[] = [];
  #head = 0;
  #leased = 0;
  #size = 0;
  /** So many of those that wait, the first ones, were leased before. */
  #returned = 0;
  readonly #leases = new Set<ReadonlySet<Held>>();

  get size(): number {
    return this.#size;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  get leased(): number {
    return this.#leased;
  }

  /** Waiting, and not for the first time. */
  get returned(): number {
    return this.#returned;
  }

  /** Roughly the oldest one: the first that waits, or the first of a lease. */
  oldest(): Held | undefined {
    let oldest = this.#waiting[this.#head];
    for (const lease of this.#leases) {
      const [first] = lease;
      if (first !== undefined && (oldest === undefined || endOf(first) < endOf(oldest))) oldest = first;
    }
    return oldest;
  }

  append(held: Held): void {
    this.#waiting.push(held);
    this.#size += held.record.size;
  }

  lease(maxRecords: number, maxSize: number): Lease | undefined {
    const held = this.#takeWithin(maxRecords, maxSize);
    if (held.length === 0) return undefined;
    this.#leased += held.length;
    for (const { sampling } of held) sampling?.commit();
    this.#returned = Math.max(0, this.#returned - held.length);
    const left = new Set(held);
    this.#leases.add(left);
    const giveBack = (back: readonly Held[]): void => {
      this.#leased -= back.length;
      for (const item of back) left.delete(item);
      if (left.size === 0) this.#leases.delete(left);
    };
    return {
      held,
      left: () => [...left],
      encoding: (_, encode) => encode(),
      departs() {},
      settle: (gone) => {
        giveBack(gone);
        for (const { record } of gone) this.#size -= record.size;
      },
      release: (back) => {
        giveBack(back);
        this.#returned += back.length;
        this.#waiting = [...back, ...this.#waiting.slice(this.#head)];
        this.#head = 0;
      },
    };
  }

  /**
   * Lets go of the newest of those that may go, while it holds more than `maxRecords` or `maxSize`. The very newest may
   * be those that may not go yet: under load there are always some.
   */
  trim(maxRecords: number, maxSize: number, mayGo: (held: Held) => boolean): readonly Held[] {
    const isOver = (gone: number): boolean => this.waiting - gone > maxRecords || this.#size > maxSize;
    const at = (index: number): Held | undefined => (index < this.#head ? undefined : this.#waiting[index]);
    if (!isOver(0)) return [];
    let end = this.#waiting.length;
    for (let newest = at(end - 1); newest !== undefined && !mayGo(newest); newest = at(end - 1)) end--;
    let start = end;
    for (let next = at(end - 1); next !== undefined && isOver(end - start) && mayGo(next); next = at(start - 1)) {
      this.#size -= next.record.size;
      start--;
    }
    return this.#waiting.splice(start, end - start);
  }

  forEach(visit: (held: Held) => void): void {
    for (let at = this.#head; at < this.#waiting.length; at++) {
      const held = this.#waiting[at];
      if (held !== undefined) visit(held);
    }
  }

  sweep(fate: (held: Held) => Held | undefined): void {
    const left: Held[] = [];
    this.forEach((held) => {
      const kept = fate(held);
      if (kept === undefined) this.#size -= held.record.size;
      else left.push(kept);
    });
    this.#waiting = left;
    this.#head = 0;
  }

  #takeWithin(maxRecords: number, maxSize: number): Held[] {
    let size = 0;
    let end = this.#head;
    while (end < this.#waiting.length && end - this.#head < maxRecords) {
      size += this.#waiting[end]?.record.size ?? 0;
      if (size > maxSize && end > this.#head) break;
      end++;
    }
    const held = this.#waiting.slice(this.#head, end);
    this.#head = end;
    if (this.#head === this.#waiting.length || this.#head > 4096) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    return held;
  }
}

function endOf({ record }: Held): number {
  const [seconds, nanoseconds] = record.endTime;
  return seconds + nanoseconds / 1e9;
}
