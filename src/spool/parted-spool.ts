import type { Held, InDoubt, Lease, Spool, Waiting } from '../ports.js';
import { MemorySpool } from './memory-spool.js';

/** Records in memory, those apart that may be at the server already. */
export class PartedSpool implements Spool, Pick<Waiting<Held>, 'sweep'> {
  readonly inDoubt: InDoubt;
  readonly #sure = new MemorySpool();
  readonly #doubtful = new MemorySpool();

  constructor() {
    const doubtful = this.#doubtful;
    this.inDoubt = {
      get waiting() {
        return doubtful.waiting;
      },
      lease: (maxRecords, maxSize) => this.#leaseInDoubt(maxRecords, maxSize),
    };
  }

  get waiting(): number {
    return this.#sure.waiting;
  }

  get leased(): number {
    return this.#sure.leased + this.#doubtful.leased;
  }

  get size(): number {
    return this.#sure.size + this.#doubtful.size;
  }

  append(held: Held): void {
    (isDoubtful(held) ? this.#doubtful : this.#sure).append(held);
  }

  lease(maxRecords: number, maxSize: number): Lease | undefined {
    return this.#sure.lease(maxRecords, maxSize);
  }

  sweep(fate: (held: Held) => Held | undefined): void {
    this.#sure.sweep(fate);
    this.#doubtful.sweep(fate);
  }

  #leaseInDoubt(maxRecords: number, maxSize: number): Lease | undefined {
    const lease = this.#doubtful.lease(maxRecords, maxSize);
    if (lease === undefined) return undefined;
    return {
      ...lease,
      release: (back) => {
        lease.release(back.filter(isDoubtful));
        const sure = back.filter((held) => !isDoubtful(held));
        lease.settle(sure);
        for (const held of sure) this.#sure.append(held);
      },
    };
  }
}

function isDoubtful({ tries }: Held): boolean {
  return tries.leftInDoubt !== undefined;
}
