import { SpanGroup } from './span-group.js';

/** The groups that have spans on their way. */
export class SpanGroups {
  #open: readonly SpanGroup[] = [];
  #current = new SpanGroup();

  /** Takes the spans that end now. */
  get current(): SpanGroup {
    return this.#current;
  }

  /** A group of its own, for spans that are accounted for together. */
  begin(): SpanGroup {
    const group = new SpanGroup();
    this.#open = [...this.#unsettled(), group];
    return group;
  }

  /** Everything up to now; what ends later belongs to another group. */
  cut(): readonly SpanGroup[] {
    const groups = [...this.#unsettled(), this.#current];
    this.#open = groups;
    this.#current = new SpanGroup();
    return groups;
  }

  #unsettled(): readonly SpanGroup[] {
    return this.#open.filter((group) => !group.isSettled);
  }
}

/** Waits for several groups at once, until it is told to stop: a flush that gave up must not be remembered by them. */
export function settlementOf(groups: readonly SpanGroup[]): { readonly settled: Promise<void>; stop(): void } {
  const open = groups.filter((group) => !group.isSettled);
  let left = open.length;
  const stops: (() => void)[] = [];
  const settled = new Promise<void>((resolve) => {
    if (left === 0) resolve();
    for (const group of open) {
      stops.push(
        group.onSettled(() => {
          left--;
          if (left === 0) resolve();
        }),
      );
    }
  });
  return {
    settled,
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}
