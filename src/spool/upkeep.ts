import type { Clock, Timer } from '../ports.js';
import type { Logger } from '../runtime/logger.js';
import type { DiskBreaker } from './disk-breaker.js';
import { bytesBelow } from './disk-usage.js';
import type { FileSpool } from './file-spool.js';
import type { FileSystem } from './file-system.js';
import type { Journal } from './journal.js';
import type { LeftOvers } from './left-overs.js';
import type { Ownership } from './ownership.js';
import { NOT_OWNERS, otherProjects } from './project-directory.js';

/** An owner shows that it lives six times before it would be taken for dead. */
const REFRESH_MS = 10_000;
/** How often directories of dead owners are looked for. */
const LOOK_MS = 15_000;

export interface UpkeepParts {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly ownership: Ownership;
  readonly journal: Journal;
  readonly leftOvers: LeftOvers;
  readonly spool: FileSpool;
  readonly breaker: DiskBreaker;
  readonly logger: Logger;
  readonly directory: string;
  readonly project: string;
  readonly maxBytes: number;
  readonly onAvailable: () => void;
}

/**
 * What happens to the directory beside reading and writing: left-overs are found, at once and then four times a
 * minute; the lease is kept fresh; room is made. Everything in short turns, and nothing holds the process open.
 */
export class Upkeep {
  readonly #parts: UpkeepParts;
  #timers: Timer[] = [];
  #isStopped = false;
  /** Of the directory's bytes those that other processes own, as of the last look. */
  #foreignBytes = 0;
  #hasTold = false;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  get bytes(): number {
    return this.#ownBytes() + this.#foreignBytes;
  }

  start(): void {
    const { clock } = this.#parts;
    this.#timers = [clock.soon(() => void this.#look()), clock.after(REFRESH_MS, () => this.#refresh())];
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) timer.cancel();
  }

  /** The oldest segments go until the quota is kept; the one that is written stays. */
  makeRoom(): void {
    const { journal, leftOvers, spool, maxBytes, breaker } = this.#parts;
    try {
      while (this.bytes > maxBytes) {
        const left = leftOvers.oldest();
        const oldest = left?.file ?? journal.oldest;
        if (oldest === undefined) break;
        spool.dropSegment(oldest, left?.unread ?? 0);
        if (left === undefined) journal.remove(oldest);
        else leftOvers.remove(oldest);
      }
    } catch (failure) {
      breaker.fail('making room', failure, 0);
    }
    if (this.bytes > maxBytes && this.#foreignBytes > 0) {
      breaker.fail('making room', new Error('other processes fill persistence.maxBytes'), 0);
    }
  }

  #ownBytes(): number {
    return this.#parts.journal.bytes + this.#parts.leftOvers.bytes;
  }

  /** What is set aside has bounds of its own. */
  #bytesOfOwners(): number {
    const { fs, ownership } = this.#parts;
    const names = fs.list(ownership.path).filter((name) => !NOT_OWNERS.has(name));
    return names.reduce((sum, name) => sum + bytesBelow(fs, `${ownership.path}/${name}`), 0);
  }

  #refresh(): void {
    const { spool, clock } = this.#parts;
    spool.noticeLost();
    this.#timers[1] = clock.after(REFRESH_MS, () => this.#refresh());
  }

  async #look(): Promise<void> {
    const { clock, ownership, breaker } = this.#parts;
    try {
      ownership.open();
      this.#tellOfOthers();
      for (const name of ownership.abandoned()) await this.#adopt(name);
      this.#foreignBytes = Math.max(0, this.#bytesOfOwners() - this.#ownBytes());
      if (!this.#isStopped) this.makeRoom();
    } catch (failure) {
      breaker.fail('looking for what was left', failure, 0);
    }
    if (!this.#isStopped) this.#timers[0] = clock.after(LOOK_MS, () => void this.#look());
  }

  async #adopt(name: string): Promise<void> {
    const { ownership, leftOvers, logger, onAvailable, clock } = this.#parts;
    if (this.#isStopped) return;
    const directory = ownership.adopt(name);
    if (directory === undefined) return;
    const before = leftOvers.count;
    for (const _step of leftOvers.adopt(directory)) {
      await new Promise<void>((resolve) => void clock.soon(resolve));
      if (this.#isStopped) return;
    }
    const records = leftOvers.count - before;
    if (records > 0) logger.info('spans that another process left on disk are sent now', { records, from: name });
    onAvailable();
  }

  /** Once: what is left of other projects is neither sent nor touched. */
  #tellOfOthers(): void {
    if (this.#hasTold) return;
    this.#hasTold = true;
    const { fs, directory, project, logger } = this.#parts;
    const others = otherProjects(fs, directory, project);
    if (others.length === 0) return;
    logger.warn('the spool holds spans of other projects; they are sent only with the keys they were made with', {
      projects: others.length,
      directory,
    });
  }
}
