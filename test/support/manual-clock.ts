import type { Clock, Timer } from '../../src/ports.js';

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly fn: () => void;
}

/** A clock whose time passes only when the test says so. */
export class ManualClock implements Clock {
  #now = 1_000;
  #order = 0;
  #wallOffset = 1_790_000_000_000;
  #pending: Pending[] = [];

  get pendingTimers(): number {
    return this.#pending.length;
  }

  now(): number {
    return this.#now;
  }

  wallMs(): number {
    return this.#now + this.#wallOffset;
  }

  /** The wall clock jumps; monotonic time does not. */
  jumpWall(ms: number): void {
    this.#wallOffset += ms;
  }

  after(ms: number, fn: () => void): Timer {
    const entry: Pending = { at: this.#now + Math.max(0, ms), order: this.#order++, fn };
    this.#pending.push(entry);
    return {
      cancel: () => {
        this.#pending = this.#pending.filter((other) => other !== entry);
      },
      ref() {},
      unref() {},
    };
  }

  soon(fn: () => void): Timer {
    return this.after(0, fn);
  }

  /** Lets `ms` pass, running what is due in order, with the promises in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#due(end); next !== undefined; next = this.#due(end)) {
      this.#pending = this.#pending.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.fn();
      await settle();
    }
    this.#now = end;
  }

  #due(end: number): Pending | undefined {
    let first: Pending | undefined;
    for (const entry of this.#pending) {
      if (entry.at > end) continue;
      if (first === undefined || entry.at < first.at || (entry.at === first.at && entry.order < first.order))
        first = entry;
    }
    return first;
  }
}

/** Runs every promise continuation that is ready, and those they make ready. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
