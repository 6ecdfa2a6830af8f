import type { Clock, Held, Lease } from '../ports.js';
import type { Copies } from './copies.js';
import type { DiskLosses } from './disk-losses.js';
import type { DiskNotes } from './disk-notes.js';
import type { InterimRecords } from './interim-records.js';
import type { Replay } from './replay.js';
import type { Saver } from './saver.js';

export interface LendingParts {
  readonly copies: Copies;
  readonly notes: DiskNotes;
  readonly saver: Saver;
  readonly losses: DiskLosses;
  readonly replay: Replay;
  readonly interims: InterimRecords;
  readonly clock: Clock;
  readonly maxAgeMs: number;
  /** Every record is on disk before it is sent. */
  readonly savesAll: boolean;
  /** They wait again, in memory. */
  readonly onReturned: () => void;
}

/** What a lease of records in memory means for their copies on disk. */
export class Lending {
  readonly #parts: LendingParts;

  constructor(parts: LendingParts) {
    this.#parts = parts;
  }

  /** Records of this process. */
  live(lease: Lease): Lease | undefined {
    if (!this.#begin(lease)) return undefined;
    const { saver, savesAll, onReturned } = this.#parts;
    if (savesAll) saver.save(lease.left());
    return this.#watched(lease, { onReturned });
  }

  /** What others left, to be sent. */
  replay(lease: Lease): Lease | undefined {
    if (!this.#begin(lease)) return undefined;
    const { replay } = this.#parts;
    replay.begin();
    const watched = this.#watched(lease, { onOver: () => replay.end() });
    return { ...watched, encoding: (held, encode) => this.#survive(held, encode) };
  }

  /** What others left, to be looked for: nothing is sent, and nothing noted but what is settled. */
  inDoubt(lease: Lease): Lease | undefined {
    return this.#begin(lease) ? this.#watched(lease) : undefined;
  }

  /**
   * One of them may be what ended the processes before. All of it is one turn of the event loop, so that a process which
   * is killed from outside is hardly ever killed between the notes: a good record must not look deadly.
   */
  #survive<T>(held: readonly Held[], encode: () => T): T {
    const { notes } = this.#parts;
    notes.mark('tried', held);
    try {
      return encode();
    } finally {
      notes.mark('survived', held);
    }
  }

  /** False when all of them are too old. */
  #begin(lease: Lease): boolean {
    this.#dropExpired(lease);
    for (const held of lease.left()) this.#parts.copies.leased(held, true);
    return lease.left().length > 0;
  }

  #watched(
    lease: Lease,
    { onReturned, onOver }: { readonly onReturned?: () => void; readonly onOver?: () => void } = {},
  ): Lease {
    const { copies, notes } = this.#parts;
    const endWhenEmpty = (): void => {
      if (lease.left().length === 0) onOver?.();
    };
    return {
      held: lease.left(),
      left: lease.left,
      encoding: lease.encoding,
      departs: (departing) => {
        for (const one of departing) copies.departed(one);
        notes.departs(departing);
      },
      settle: (gone) => {
        if (gone.length === 0) return;
        lease.settle(gone);
        this.#forget(gone);
        endWhenEmpty();
      },
      release: (back) => {
        if (back.length === 0) return;
        lease.release(back);
        notes.answered(back);
        for (const one of back) copies.leased(one, false);
        onReturned?.();
        endWhenEmpty();
      },
    };
  }

  #forget(gone: readonly Held[]): void {
    const { saver, notes, copies, interims } = this.#parts;
    for (const held of gone) {
      saver.forget(held);
      if (held.interim !== undefined) interims.end(held.interim);
    }
    notes.settled(copies.removeAll(gone));
  }

  #dropExpired(lease: Lease): void {
    const { clock, maxAgeMs, copies, losses } = this.#parts;
    const oldest = clock.now() - maxAgeMs;
    const expired = lease.held.filter((held) => (copies.sinceOf(held) ?? oldest) < oldest);
    if (expired.length === 0) return;
    lease.settle(expired);
    this.#forget(expired);
    losses.ofMemory('expired', expired);
  }
}
