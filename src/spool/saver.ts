import type { Clock, Held, InterimHeld, Timer } from '../ports.js';
import type { Copies } from './copies.js';
import type { DiskBreaker } from './disk-breaker.js';
import type { InterimRecords } from './interim-records.js';
import { type Framing, type Journal, LostDirectoryError, type Place, type Written } from './journal.js';
import { IN_DOUBT, INTERIM } from './segment.js';

/** Vector and others take what was written to the disk twice a second. */
const SYNC_MS = 500;
/** So much is written without waiting for more, and at once at most: about two milliseconds. */
const FULL_SIZE = 262_144;
const SLICE_SIZE = 1_048_576;

export type FsyncMode = 'none' | 'interval' | 'always';

export interface SaverParts {
  readonly journal: Journal;
  readonly copies: Copies;
  readonly interims: InterimRecords;
  readonly breaker: DiskBreaker;
  readonly clock: Clock;
  readonly fsync: FsyncMode;
  readonly lingerMs: number;
  /** More is on disk than before. */
  readonly onSaved: () => void;
  /** The directory, and all in it, is somebody else's now. */
  readonly onLost: () => void;
}

/** Brings records from memory to the disk, several at once, and says so when it is true. Never throws. */
export class Saver {
  readonly #parts: SaverParts;
  readonly #unsaved = new Set<Held>();
  #size = 0;
  /** Somebody waits for a turn to write. */
  #isDue = false;
  #isClosed = false;
  readonly #framing: Framing<Held>;
  #timer: Timer | undefined;
  #syncTimer: Timer | undefined;
  readonly #untold: Held[] = [];
  #syncing: Promise<void> | undefined;

  constructor(parts: SaverParts) {
    this.#parts = parts;
    const { copies, interims } = parts;
    this.#framing = {
      flagsOf: (held) => (copies.isInDoubt(held) ? IN_DOUBT : 0),
      idOf: ({ interim }) => interims.frameIdOf(interim),
    };
  }

  get unsaved(): number {
    return this.#unsaved.size;
  }

  /** It is not on disk; that it gets there, somebody else says. */
  note(held: Held): void {
    if (this.#unsaved.has(held)) return;
    this.#unsaved.add(held);
    this.#size += held.record.size;
  }

  /** It need not be saved any more. */
  forget(held: Held): void {
    if (this.#unsaved.delete(held)) this.#size -= held.record.size;
  }

  /** Saves everything that is noted: at the end of this task, or after the linger. */
  soon(): void {
    const { clock, lingerMs, breaker } = this.#parts;
    if (this.#isClosed || !breaker.isUsable || this.#unsaved.size === 0) return;
    if (this.#size >= FULL_SIZE) this.writeSlice();
    if (this.#isDue || this.#unsaved.size === 0) return;
    this.#isDue = true;
    if (lingerMs === 0) queueMicrotask(() => this.#run());
    else this.#timer = clock.after(lingerMs, () => this.#run());
  }

  /** As much as can be written at once without anybody feeling it. False when the disk did not take it. */
  writeSlice(): boolean {
    const slice: Held[] = [];
    let size = 0;
    for (const held of this.#unsaved) {
      if (size >= SLICE_SIZE) break;
      slice.push(held);
      size += held.record.size;
    }
    return this.#save(slice);
  }

  /** Those of them that are not on disk yet. False when the disk does not take them. */
  save(held: readonly Held[]): boolean {
    return this.#save(held.filter((one) => this.#unsaved.has(one)));
  }

  #save(missing: readonly Held[]): boolean {
    const { copies, interims } = this.#parts;
    if (missing.length === 0) return true;
    const isWritten = this.#write(missing, this.#framing, (one, place) => {
      this.forget(one);
      copies.saved(one, place);
      if (one.interim !== undefined) interims.replaced(one.interim, place);
    });
    if (isWritten) this.#tell(missing);
    return isWritten;
  }

  /** At once. Those that the disk does not take are not missed: their spans are in memory. */
  saveInterim(held: readonly InterimHeld[]): void {
    const { interims, onSaved } = this.#parts;
    const isWritten = this.#write(held, { flagsOf: () => INTERIM }, ({ interim }, place) =>
      interims.saved(interim, place),
    );
    if (isWritten) onSaved();
  }

  /** False when the disk did not take them. */
  #write<T extends Written>(
    held: readonly T[],
    framing: Framing<T>,
    written: (held: T, place: Place) => void,
  ): boolean {
    const { journal, breaker, onLost } = this.#parts;
    if (this.#isClosed || !breaker.isUsable) return false;
    try {
      const places = journal.append(held, framing);
      held.forEach((one, n) => {
        const place = places[n];
        if (place !== undefined) written(one, place);
        // The weight that was written with it stays.
        one.sampling?.commit();
      });
    } catch (failure) {
      if (failure instanceof LostDirectoryError) {
        onLost();
        // In a directory of one's own again. Somebody who takes that one, too, has to wait.
        if (this.#unsaved.size > 0) this.soon();
      } else breaker.fail('writing', failure, held.length);
      return false;
    }
    breaker.succeed();
    return true;
  }

  /** Everything that is in memory only, or as much as there is time for and the disk takes. */
  saveAll(hasTime: () => boolean): void {
    this.#noteAll();
    // Once more, because a directory may have been lost meanwhile, and another one is as good.
    let failures = 0;
    while (this.#unsaved.size > 0 && failures < 2 && hasTime()) if (!this.writeSlice()) failures++;
  }

  /** The same, with turns for others in between. */
  async saveAllInTurns(hasTime: () => boolean): Promise<void> {
    this.#noteAll();
    let failures = 0;
    while (this.#unsaved.size > 0 && failures < 2 && hasTime()) {
      if (!this.writeSlice()) failures++;
      await new Promise<void>((resolve) => void this.#parts.clock.soon(resolve));
    }
  }

  syncNow(): void {
    try {
      this.#parts.journal.sync();
      this.#tellAll();
    } catch (failure) {
      this.#parts.breaker.fail('fsync', failure, this.#untold.length);
    }
  }

  async syncLater(): Promise<void> {
    while (this.#syncing !== undefined) await this.#syncing;
    await this.#sync([]);
  }

  /** The copies on disk cannot be trusted any more. */
  redo(held: Iterable<Held>): void {
    for (const one of [...held]) {
      this.#parts.copies.unsaved(one);
      this.note(one);
    }
  }

  close(): void {
    this.#timer?.cancel();
    this.#syncTimer?.cancel();
    this.#isClosed = true;
  }

  #noteAll(): void {
    for (const held of this.#parts.copies.unsavedOnes()) this.note(held);
  }

  #run(): void {
    this.#isDue = false;
    this.#timer = undefined;
    if (!this.writeSlice() || this.#unsaved.size === 0) return;
    this.#isDue = true;
    this.#timer = this.#parts.clock.soon(() => this.#run());
  }

  #tell(saved: readonly Held[]): void {
    const { fsync, clock, copies, onSaved } = this.#parts;
    if (fsync === 'always') {
      for (const one of saved) this.#untold.push(one);
      this.#syncing ??= this.#syncGroups();
      return;
    }
    for (const one of saved) copies.tell(one);
    if (fsync === 'interval') this.#syncTimer ??= clock.after(SYNC_MS, () => void this.#sync([]));
    onSaved();
  }

  #tellAll(): void {
    for (const one of this.#untold.splice(0)) this.#parts.copies.tell(one);
    this.#parts.onSaved();
  }

  /** One group after the other: what is written while one is on its way goes with the next. */
  async #syncGroups(): Promise<void> {
    // In a turn of its own, so that a burst is one group.
    await Promise.resolve();
    while (this.#untold.length > 0) await this.#sync(this.#untold.splice(0));
    this.#syncing = undefined;
  }

  async #sync(group: readonly Held[]): Promise<void> {
    const { journal, breaker, copies, onSaved } = this.#parts;
    this.#syncTimer = undefined;
    const segment = journal.current;
    try {
      await journal.syncLater();
      for (const one of group) copies.tell(one);
      onSaved();
    } catch (failure) {
      // What was not written by now never will be, and a second sync would say that all is well.
      journal.closeFailed();
      const lost = [...copies.savedIn((other) => other === segment)];
      this.redo(lost);
      breaker.fail('fsync', failure, lost.length);
    }
  }
}
