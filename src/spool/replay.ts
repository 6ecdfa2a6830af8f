import type { Clock, TriesSoFar } from '../ports.js';
import { type Copies, NOBODY } from './copies.js';
import type { DiskBreaker } from './disk-breaker.js';
import type { LeftOvers, LeftRecord } from './left-overs.js';
import { MemorySpool } from './memory-spool.js';

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
  readonly spool: MemorySpool = new MemorySpool();
  readonly #parts: ReplayParts;
  readonly #copies: Copies;
  #leases = 0;
  #hasEnded = false;

  constructor(parts: ReplayParts, copies: Copies) {
    this.#parts = parts;
    this.#copies = copies;
  }

  /** Records that may be leased now. */
  get waiting(): number {
    if (this.#hasEnded || this.#leases >= Math.max(1, this.#parts.slots() >> 1)) return 0;
    return this.spool.waiting + (this.#parts.breaker.isUsable ? this.#parts.leftOvers.count : 0);
  }

  /** Reads some back, if none are in memory. True when there are some to lease. */
  fill(maxRecords: number, maxBytes: number): boolean {
    if (this.waiting === 0) return false;
    if (this.spool.waiting > 0) return true;
    try {
      const left = this.#parts.leftOvers.take(maxRecords, maxBytes);
      for (const one of left) this.#add(one);
      return left.length > 0;
    } catch (failure) {
      this.#parts.breaker.fail('reading', failure, 0);
      return false;
    }
  }

  /** What was not sent by now stays on disk. */
  stop(): void {
    this.#hasEnded = true;
  }

  begin(): void {
    this.#leases++;
  }

  end(): void {
    this.#leases--;
  }

  #add({ record, place, inDoubt }: LeftRecord): void {
    const tries = this.#parts.newTries();
    tries.mayHaveArrived = inDoubt;
    tries.isLeftInDoubt = inDoubt;
    const held = { record, tries, group: NOBODY };
    this.#copies.add(held, this.#parts.clock.now(), place);
    this.spool.append(held);
  }
}
