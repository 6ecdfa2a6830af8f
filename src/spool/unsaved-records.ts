import type { Held, Waiting } from '../ports.js';
import type { Copies } from './copies.js';
import type { MemorySpool } from './memory-spool.js';
import type { Saver } from './saver.js';

/** What waits in memory and is nowhere else: while the disk is not used, it can be given up as if there were none. */
export class UnsavedRecords implements Waiting<Held> {
  readonly #live: MemorySpool;
  readonly #copies: Copies;
  readonly #saver: Saver;

  constructor(live: MemorySpool, copies: Copies, saver: Saver) {
    this.#live = live;
    this.#copies = copies;
    this.#saver = saver;
  }

  forEach(visit: (held: Held) => void): void {
    this.#live.forEach((held) => {
      if (this.#copies.placeOf(held) === undefined) visit(held);
    });
  }

  sweep(fate: (held: Held) => Held | undefined): void {
    this.#live.sweep((held) => {
      if (this.#copies.placeOf(held) !== undefined) return held;
      const kept = fate(held);
      if (kept !== held) this.#replace(held, kept);
      return kept;
    });
  }

  #replace(held: Held, kept: Held | undefined): void {
    const since = this.#copies.sinceOf(held);
    this.#saver.forget(held);
    this.#copies.remove(held);
    if (kept === undefined || since === undefined) return;
    this.#copies.add(kept, since);
    this.#saver.note(kept);
  }
}
