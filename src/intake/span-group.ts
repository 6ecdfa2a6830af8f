import type { LangfuseError } from '../errors.js';
import type { Fate, Settlement } from '../ports.js';

/** What became of the spans of a group, by fate; `spooled` are on disk, also while they are on their way; `held` are on their way and in memory only. */
export interface GroupCounts {
  readonly delivered: number;
  readonly rejected: number;
  readonly sampledOut: number;
  readonly dropped: number;
  readonly spooled: number;
  readonly held: number;
}

/**
 * Spans that somebody will ask about together: those between two flushes, or those of one `export` call. Counts down
 * as they are settled, in whatever order.
 */
export class SpanGroup implements Settlement {
  readonly #settled: { [fate in Fate]: number } = { delivered: 0, rejected: 0, sampledOut: 0, dropped: 0, spooled: 0 };
  readonly #listeners = new Set<() => void>();
  readonly #whenSafe: (() => void)[] = [];
  #held = 0;
  #saved = 0;
  #failure: LangfuseError | undefined;

  get isSettled(): boolean {
    return this.#held === 0;
  }

  /** Why the first span that was lost got lost. */
  get failure(): LangfuseError | undefined {
    return this.#failure;
  }

  add(): void {
    this.#held++;
  }

  /** A span that should have been of the group never came in. */
  refuse(failure: LangfuseError): void {
    this.#failure ??= failure;
  }

  settle(fate: Fate, count: number, failure?: LangfuseError): void {
    if (count === 0) return;
    this.#settled[fate] += count;
    this.#held -= count;
    this.#failure ??= failure;
    this.#tell();
  }

  saved(count: number): void {
    this.#saved += count;
    if (count > 0) this.#tell();
  }

  /** Calls once, when nothing is on its way any more. The function that is returned takes it back. */
  onSettled(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves once nothing of the group can be lost with the process: it is settled, or on disk. */
  whenSafe(): Promise<void> {
    return this.#held === this.#saved ? Promise.resolve() : new Promise((resolve) => this.#whenSafe.push(resolve));
  }

  counts(): GroupCounts {
    return { ...this.#settled, spooled: this.#settled.spooled + this.#saved, held: this.#held - this.#saved };
  }

  #tell(): void {
    if (this.#held === this.#saved) for (const resolve of this.#whenSafe.splice(0)) resolve();
    if (this.#held > 0) return;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }
}
