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
    for (const { sampling } of held) sampling?.commit();
    const left = new Set(held);
    const giveBack = (back: readonly Held[]): void => {
      this.#leased -= back.length;
      for (const item of back) left.delete(item);
    };
    return {
      held,
      left: () => [...left],
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
