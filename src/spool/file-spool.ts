import type { Held, InDoubt, InMemory, InterimStore, Lease, Spool, Waiting } from '../ports.js';
import { Copies } from './copies.js';
import { DiskLosses } from './disk-losses.js';
import { DiskNotes } from './disk-notes.js';
import type { FileSpoolParts } from './file-spool-parts.js';
import { InterimRecords } from './interim-records.js';
import { Lending } from './lending.js';
import { MemorySpool } from './memory-spool.js';
import { Overflow } from './overflow.js';
import { Replay } from './replay.js';
import { READ_BYTES, ReturnToMemory } from './return-to-memory.js';
import { Saver } from './saver.js';
import type { SegmentFile } from './segment-file.js';
import { UnsavedRecords } from './unsaved-records.js';

/** What a record costs in memory that is on disk. */
const REFERENCE_SIZE = 200;

/**
 * Records waiting in memory, on disk, or both:
 *
 *     append ─▶ live ───────────────▶ lease        live      in memory, and on disk as soon as it is saved
 *                │ ▲                    ▲          overflow  on disk only: memory has no room for it
 *          trim  ▼ │ read back          │          replay    what dead processes left
 *              overflow             replay
 */
export class FileSpool implements Spool {
  /** What of it can still be given up for others. */
  readonly sheddable: Waiting<Held>;
  readonly inDoubt: InDoubt;
  readonly #parts: FileSpoolParts;
  readonly #live = new MemorySpool();
  readonly #overflow = new Overflow();
  readonly #copies = new Copies();
  readonly #replay: Replay;
  readonly #saver: Saver;
  readonly #losses: DiskLosses;
  readonly #back: ReturnToMemory;
  readonly #interims: InterimRecords;
  readonly #lending: Lending;
  /** Records that somebody else took over with a directory of ours. */
  #taken = 0;
  /** Left on disk when it was closed. */
  #sealed = 0;

  constructor(parts: FileSpoolParts) {
    this.#parts = parts;
    const { journal, leftOvers, breaker, ledger, reporter } = parts;
    const [live, overflow, copies] = [this.#live, this.#overflow, this.#copies];
    this.#replay = new Replay(parts, copies, () => this.noticeLost());
    const leaveLost = (): boolean => {
      this.noticeLost();
      if (!journal.isLost) return false;
      this.#startOver();
      this.#saver.soon();
      return true;
    };
    const notes = new DiskNotes(copies, journal, leftOvers, breaker, leaveLost);
    const losses = new DiskLosses(ledger, reporter);
    this.#losses = losses;
    this.#back = new ReturnToMemory({ ...parts, live, overflow, copies, notes, losses, leaveLost });
    this.#interims = new InterimRecords((places) => notes.settled(places));
    this.#saver = new Saver({
      ...parts,
      copies,
      interims: this.#interims,
      onSaved: () => {
        this.#trim();
        parts.onGrowth();
      },
      onLost: () => this.#startOver(),
    });
    this.sheddable = new UnsavedRecords(live, copies, this.#saver);
    this.#lending = new Lending({
      copies,
      notes,
      losses,
      saver: this.#saver,
      replay: this.#replay,
      interims: this.#interims,
      clock: parts.clock,
      maxAgeMs: parts.maxAgeMs,
      savesAll: parts.saves === 'all',
      onReturned: () => {
        // What could not be sent is what the disk is for.
        this.#saver.soon();
        this.#trim();
      },
    });
    const replay = this.#replay;
    this.inDoubt = {
      get waiting() {
        return replay.inDoubt;
      },
      lease: (maxRecords, maxSize) => this.#leaseInDoubt(maxRecords, maxSize),
    };
  }

  get waiting(): number {
    const onDisk = this.#parts.breaker.isUsable ? this.#overflow.length : 0;
    return this.#live.waiting + onDisk + this.#replay.waiting;
  }

  get leased(): number {
    return this.#live.leased + this.#replay.spool.leased;
  }

  get size(): number {
    return this.#live.size + this.#replay.spool.size + REFERENCE_SIZE * this.#overflow.length;
  }

  /** For the bounds of memory. What is under way and on disk does not count: requests have bounds of their own. */
  get inMemory(): InMemory {
    return {
      returned: this.#live.returned,
      oldest: () => this.#live.oldest(),
      waiting: this.#live.waiting + this.#replay.spool.waiting + this.#replay.spool.inDoubt.waiting,
      leased: this.leased - this.#copies.savedLeased,
      size: this.size - this.#copies.savedLeasedSize,
    };
  }

  /** Waiting, and nowhere but in memory. */
  get unsaved(): number {
    return this.inMemory.waiting - this.#copies.savedWaiting;
  }

  get spooled(): number {
    const onlyOnDisk = this.#overflow.length + this.#parts.leftOvers.count;
    return this.#copies.savedWaiting + onlyOnDisk + this.#taken + this.#sealed;
  }

  append(held: Held): void {
    this.#copies.add(held, this.#parts.clock.now());
    this.#live.append(held);
    this.#saver.note(held);
    if (this.#wantsDisk()) this.#saver.soon();
  }

  /** What is on disk of spans that wait; their records are appended when they are complete. */
  get interims(): InterimStore {
    return {
      append: (held) => this.#saver.saveInterim(held),
      end: (interim) => this.#interims.end(interim),
      leave: (interim, group) => {
        const isThere = this.#interims.leave(interim);
        if (isThere) this.#leave({ group });
        return isThere;
      },
    };
  }

  lease(maxRecords: number, maxSize: number): Lease | undefined {
    for (;;) {
      const isReplay = !this.#back.fill(maxRecords) && this.#replay.fill(maxRecords, READ_BYTES);
      const lease = (isReplay ? this.#replay.spool : this.#live).lease(maxRecords, maxSize);
      if (lease === undefined) return undefined;
      const lent = isReplay ? this.#lending.replay(lease) : this.#lending.live(lease);
      if (lent !== undefined) return lent;
    }
  }

  #leaseInDoubt(maxRecords: number, maxSize: number): Lease | undefined {
    while (this.#replay.fillInDoubt(maxRecords, READ_BYTES)) {
      const lease = this.#replay.spool.inDoubt.lease(maxRecords, maxSize);
      const lent = lease && this.#lending.inDoubt(lease);
      if (lent !== undefined) return lent;
    }
    return undefined;
  }

  pressureChanged(): void {
    if (this.#wantsDisk()) this.#saver.soon();
  }

  /** The disk may be tried again. */
  retryDisk(): void {
    this.pressureChanged();
    this.#parts.onAvailable();
  }

  /** Room is needed: the segment goes, with what is nowhere else. @param unread - records of it that nobody read. */
  dropSegment(segment: SegmentFile, unread: number): void {
    const isOf = (other: SegmentFile): boolean => other === segment;
    for (const held of [...this.#copies.savedIn(isOf)]) this.#copies.lostToQuota(held);
    this.#interims.lose(isOf);
    this.#losses.ofDisk('disk_quota', this.#overflow.takeIn(isOf), unread);
  }

  /** Says that this owner lives. What others have taken over, believing it dead, is theirs. True when there was some. */
  noticeLost(): boolean {
    const lost = this.#parts.refreshLeases();
    for (const directory of lost) this.#taken += this.#parts.leftOvers.lose(directory);
    return lost.length > 0;
  }

  /** Left-overs are not sent any more. */
  stopReplay(): void {
    this.#replay.stop();
  }

  /** Everything that is not on disk yet, as far as time allows. */
  saveAll(hasTime: () => boolean): void {
    this.#saver.saveAll(hasTime);
  }

  /** The same, with turns for others in between. */
  saveAllInTurns(hasTime: () => boolean): Promise<void> {
    return this.#saver.saveAllInTurns(hasTime);
  }

  /** Down to the disk, before it returns. */
  syncNow(): void {
    this.#saver.syncNow();
  }

  /** Down to the disk. */
  syncLater(): Promise<void> {
    return this.#saver.syncLater();
  }

  /** The end. What is on disk stays there, for the next process; what is not can still be leased, to be given up. */
  seal(): void {
    this.#saver.close();
    this.#replay.stop();
    const gone: Held[] = [];
    for (const spool of [this.#live, this.#replay.spool]) {
      spool.sweep((held) => {
        const isOnDisk = this.#isOnDisk(held);
        if (!isOnDisk && !this.#copies.wasLostToQuota(held)) return held;
        this.#copies.remove(held);
        if (isOnDisk) this.#leave(held);
        else gone.push(held);
        return undefined;
      });
    }
    this.#losses.ofMemory('disk_quota', gone);
    for (const entry of this.#overflow.takeAll()) {
      entry.group.saved(-1);
      this.#leave(entry);
    }
  }

  #isOnDisk(held: Held): boolean {
    if (this.#copies.placeOf(held) !== undefined) return true;
    return held.interim !== undefined && this.#interims.leave(held.interim);
  }

  #leave({ group }: Pick<Held, 'group'>): void {
    this.#sealed++;
    group.settle('spooled', 1);
  }

  #wantsDisk(): boolean {
    return this.#parts.saves === 'all' || this.#parts.isPressed();
  }

  /** What is safe may leave memory. */
  #trim(): void {
    const { memory } = this.#parts;
    const trimmed = this.#live.trim(memory.maxRecords, memory.maxSize, (held) => this.#copies.isTold(held));
    for (const held of trimmed) {
      const since = this.#copies.sinceOf(held) ?? 0;
      const place = this.#copies.remove(held);
      if (place === undefined) continue;
      held.group.saved(1);
      this.#overflow.push({ place, tries: held.tries, group: held.group, since });
    }
  }

  /** Somebody has our directory. What is in memory is written again, elsewhere; the rest is theirs to send. */
  #startOver(): void {
    const { journal } = this.#parts;
    const isOurs = (segment: SegmentFile): boolean => journal.has(segment);
    const inMemory = [...this.#copies.savedIn(isOurs)];
    const onDisk = this.#overflow.takeIn(isOurs);
    this.#interims.lose(isOurs);
    journal.abandon();
    for (const { tries } of inMemory) tries.isElsewhere = true;
    this.#saver.redo(inMemory);
    this.#taken += onDisk.length;
    for (const { group } of onDisk) {
      group.saved(-1);
      group.settle('spooled', 1);
    }
  }
}
