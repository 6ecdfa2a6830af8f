import type { Tallied } from './snapshot.js';

/** Counts what happens by labels of closed sets. Every combination is there from the beginning, at 0. */
export class Tally {
  readonly #counts = new Map<string, { readonly labels: Readonly<{ [key: string]: string }>; count: number }>();

  constructor(combinations: readonly Readonly<{ [key: string]: string }>[]) {
    for (const labels of combinations) this.#counts.set(keyOf(labels), { labels, count: 0 });
  }

  /** Labels that are not of the sets are not counted: they would make series without end. */
  add(labels: Readonly<{ [key: string]: string }>): void {
    const entry = this.#counts.get(keyOf(labels));
    if (entry !== undefined) entry.count++;
  }

  read(): readonly Tallied[] {
    return [...this.#counts.values()].map(({ labels, count }) => ({ labels, count }));
  }
}

function keyOf(labels: Readonly<{ [key: string]: string }>): string {
  return Object.values(labels).join(' ');
}
