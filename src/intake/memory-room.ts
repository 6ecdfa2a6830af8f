export interface Bounds {
  readonly maxSpans: number;
  readonly maxBytes: number;
}

interface Filled {
  readonly length: number;
  readonly bytes: number;
}

interface Behind {
  readonly waiting: number;
  readonly leased: number;
  readonly size: number;
}

/** How much of the memory that spans may take is taken: by those that wait as they are, and by the records behind. */
export class MemoryRoom {
  readonly maxSpans: number;
  readonly maxBytes: number;
  readonly #queue: Filled;
  readonly #behind: Behind;

  constructor({ maxSpans, maxBytes }: Bounds, queue: Filled, behind: Behind) {
    this.maxSpans = maxSpans;
    this.maxBytes = maxBytes;
    this.#queue = queue;
    this.#behind = behind;
  }

  get held(): number {
    return this.#queue.length + this.#behind.waiting + this.#behind.leased;
  }

  get bytes(): number {
    return this.#queue.bytes + this.#behind.size;
  }

  /** By count or by bytes, whichever is more; 1 is full. */
  get utilization(): number {
    const bySpans = this.held / this.maxSpans;
    const byBytes = this.bytes / this.maxBytes;
    return Math.max(bySpans, byBytes);
  }

  get isFull(): boolean {
    return this.held >= this.maxSpans || this.bytes >= this.maxBytes;
  }
}
