import { ChainedMap } from '../runtime/chained-map.js';

/** A map that forgets what was not used for longest when it is full. */
export class BoundedMap<K, V> {
  readonly #entries = new ChainedMap<K, V>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: K): V | undefined {
    return this.#entries.renew(key);
  }

  /** @returns what was forgotten for it. */
  set(key: K, value: V): V | undefined {
    this.#entries.set(key, value);
    const { oldest, size } = this.#entries;
    return oldest === undefined || size <= this.#capacity ? undefined : this.#entries.delete(oldest.key);
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  /** The oldest first. */
  values(): Iterable<V> {
    return this.#entries.values();
  }
}
