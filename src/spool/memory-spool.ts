import type { Held, Lease, Spool } from '../ports.js';

/**
 * Records waiting in memory. Released records go back in front, in their old order, so that what waited longest is
 * sent first.
 */
export class MemorySpool implements Spool {
  #waiting: Held[] = [];
  #head = 0;
  #leased = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  get leased(): number {
    return this.#leased;
  }

  append(held: Held): void {
    this.#waiting.push(held);
    this.#size += held.record.size;
  }

  lease(maxRecords: number, maxSize: number): Lease | undefined {
    const held = this.#takeWithin(maxRecords, maxSize);
    if (held.length === 0) return undefined;
    this.#leased += held.length;
    const left = new Set(held);
    const giveBack = (back: readonly Held[]): void => {
      this.#leased -= back.length;
      for (const item of back) left.delete(item);
    };
    return {
      held,
      left: () => [...left],
      departs() {},
      settle: (gone) => {
        giveBack(gone);
        for (const { record } of gone) this.#size -= record.size;
      },
      release: (back) => {
        giveBack(back);
        this.#waiting = [...back, ...this.#waiting.slice(this.#head)];
        this.#head = 0;
      },
    };
  }

  /** Lets go of the newest while it holds more than `maxRecords` or `maxSize`, up to the first that may not go. */
  trim(maxRecords: number, maxSize: number, mayGo: (held: Held) => boolean): readonly Held[] {
    let end = this.#waiting.length;
    let size = this.#size;
    while (end > this.#head && (end - this.#head > maxRecords || size > maxSize)) {
      const newest = this.#waiting[end - 1];
      if (newest === undefined || !mayGo(newest)) break;
      size -= newest.record.size;
      end--;
    }
    this.#size = size;
    return this.#waiting.splice(end);
  }

  /** Lets go of those of the waiting that `goes` is true of. */
  remove(goes: (held: Held) => boolean): void {
    const stay: Held[] = [];
    for (const held of this.#waiting.slice(this.#head)) {
      if (goes(held)) this.#size -= held.record.size;
      else stay.push(held);
    }
    this.#waiting = stay;
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
