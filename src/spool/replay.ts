import type { Clock, TriesSoFar } from '../ports.js';
import { type Copies, NOBODY } from './copies.js';
import type { DiskBreaker } from './disk-breaker.js';
import { errorCode } from './file-system.js';
import type { LeftOvers, LeftRecord } from './left-overs.js';
import { PartedSpool } from './parted-spool.js';

export interface ReplayParts {
  readonly leftOvers: LeftOvers;
  readonly breaker: DiskBreaker;
  readonly clock: Clock;
  /** How many leases there may be at once. */
  readonly slots: () => number;
  readonly newTries: () => TriesSoFar;
}

/** Sends what dead processes left, with at most half of the slots: what happens now is more interesting. */
export class Replay {
  /** Read back, or given back by delivery. */
  readonly spool: PartedSpool = new PartedSpool();
  readonly #parts: ReplayParts;
  readonly #copies: Copies;
  readonly #noticeLost: () => boolean;
  #leases = 0;
  #hasEnded = false;

  /** @param noticeLost - true when others have taken over what was to be read. */
  constructor(parts: ReplayParts, copies: Copies, noticeLost: () => boolean) {
    this.#parts = parts;
    this.#copies = copies;
    this.#noticeLost = noticeLost;
  }

  /** Records that may be leased now. */
  get waiting(): number {
    if (this.#leases >= Math.max(1, this.#parts.slots() >> 1)) return 0;
    return this.spool.waiting + (this.#mayRead ? this.#parts.leftOvers.sure : 0);
  }

  /** Records in doubt that may be leased now: not before those have gone that were found to be in doubt no longer. */
  get inDoubt(): number {
    if (this.spool.waiting > 0) return 0;
    return this.spool.inDoubt.waiting + (this.#mayRead ? this.#parts.leftOvers.inDoubt : 0);
  }

  /** Reads some back, if none are in memory. True when there are some to lease. */
  fill(maxRecords: number, maxBytes: number): boolean {
    if (this.waiting === 0) return false;
    return this.spool.waiting > 0 || this.#read(() => this.#parts.leftOvers.take(maxRecords, maxBytes));
  }

  /** The same of those in doubt. */
  fillInDoubt(maxRecords: number, maxBytes: number): boolean {
    if (this.inDoubt === 0) return false;
    const { spool } = this;
    return spool.inDoubt.waiting > 0 || this.#read(() => this.#parts.leftOvers.takeInDoubt(maxRecords, maxBytes));
  }

  /** What was not read by now stays on disk. */
  stop(): void {
    this.#hasEnded = true;
  }

  begin(): void {
    this.#leases++;
  }

  end(): void {
    this.#leases--;
  }

  get #mayRead(): boolean {
    return !this.#hasEnded && this.#parts.breaker.isUsable;
  }

  #read(take: () => readonly LeftRecord[]): boolean {
    try {
      const left = take();
      for (const one of left) this.#add(one);
      return left.length > 0;
    } catch (failure) {
      // A directory that is gone is no failing disk.
      if (errorCode(failure) === 'ENOENT' && this.#noticeLost()) return this.#read(take);
      this.#parts.breaker.fail('reading', failure, 0);
      return false;
    }
  }

  #add({ record, place, mayBeSentElsewhere, doubt }: LeftRecord): void {
    const tries = this.#parts.newTries();
    tries.mayHaveArrived = doubt !== undefined;
    tries.isElsewhere = mayBeSentElsewhere;
    tries.leftInDoubt = doubt && { requests: doubt.requests, departedAt: doubt.segment.touchedAt };
    const held = { record, tries, group: NOBODY };
    this.#copies.add(held, this.#parts.clock.now(), place);
    this.spool.append(held);
  }
}
