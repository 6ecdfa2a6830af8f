import type { Clock } from '../ports.js';
import type { Copies } from './copies.js';
import type { DiskBreaker } from './disk-breaker.js';
import type { DiskLosses } from './disk-losses.js';
import type { DiskNotes } from './disk-notes.js';
import { errorCode } from './file-system.js';
import type { MemorySpool } from './memory-spool.js';
import type { OnDisk, Overflow } from './overflow.js';
import type { PayloadCodec } from './payload-codec.js';
import { readBack } from './read-back.js';

/** Read back at once: about two milliseconds. */
export const READ_BYTES = 524_288;

export interface ReturnToMemoryParts {
  readonly live: MemorySpool;
  readonly overflow: Overflow;
  readonly copies: Copies;
  readonly notes: DiskNotes;
  readonly losses: DiskLosses;
  readonly breaker: DiskBreaker;
  readonly codec: PayloadCodec;
  readonly clock: Clock;
  /** Lets go of directories that others have taken over. True when this one's own was among them. */
  readonly leaveLost: () => boolean;
}

/** Reads back what waits on disk only, when its turn has come. */
export class ReturnToMemory {
  readonly #parts: ReturnToMemoryParts;

  constructor(parts: ReturnToMemoryParts) {
    this.#parts = parts;
  }

  /** True when there is something of this process's own to send. */
  fill(maxRecords: number): boolean {
    const { live, overflow, breaker, leaveLost } = this.#parts;
    while (live.waiting === 0 && overflow.length > 0 && breaker.isUsable) {
      const run = overflow.takeRun(maxRecords, READ_BYTES);
      try {
        this.#readBack(run);
      } catch (failure) {
        overflow.putBack(run);
        // A directory that is gone is no failing disk.
        if (errorCode(failure) === 'ENOENT' && leaveLost()) continue;
        breaker.fail('reading', failure, run.length);
      }
    }
    return live.waiting > 0;
  }

  #readBack(run: readonly OnDisk[]): void {
    const { live, copies, notes, losses, codec } = this.#parts;
    const records = readBack(run, codec);
    run.forEach((entry, n) => {
      const record = records[n];
      if (record === undefined) {
        losses.ofDisk('corrupt', [entry]);
        notes.settled([entry.place]);
        return;
      }
      const held = { record, tries: entry.tries, group: entry.group };
      copies.add(held, entry.since, entry.place);
      entry.group.saved(-1);
      copies.tell(held);
      live.append(held);
    });
  }
}
