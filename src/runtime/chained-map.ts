export interface ChainedEntry<K, V> {
  readonly key: K;
  readonly value: V;
}

interface Link<K, V> extends ChainedEntry<K, V> {
  value: V;
  older: Link<K, V> | undefined;
  newer: Link<K, V> | undefined;
}

/**
 * A map that finds its oldest entry at once. A `Map` that loses its first key again and again walks over all the gaps
 * before the next one each time, thousands of them; here the order is a chain of its own.
 *
 *     oldest ⇄ … ⇄ newest
 */
export class ChainedMap<K, V> {
  readonly #links = new Map<K, Link<K, V>>();
  #oldest: Link<K, V> | undefined;
  #newest: Link<K, V> | undefined;

  get size(): number {
    return this.#links.size;
  }

  get oldest(): ChainedEntry<K, V> | undefined {
    return this.#oldest;
  }

  has(key: K): boolean {
    return this.#links.has(key);
  }

  get(key: K): V | undefined {
    return this.#links.get(key)?.value;
  }

  /** The same, and from now on it is the newest. */
  renew(key: K): V | undefined {
    const link = this.#links.get(key);
    if (link === undefined) return undefined;
    if (link !== this.#newest) {
      this.#unchain(link);
      this.#append(link);
    }
    return link.value;
  }

  /** A known key stays in its place. */
  set(key: K, value: V): void {
    const known = this.#links.get(key);
    if (known !== undefined) {
      known.value = value;
      return;
    }
    const link: Link<K, V> = { key, value, older: undefined, newer: undefined };
    this.#links.set(key, link);
    this.#append(link);
  }

  /** @returns what was there. */
  delete(key: K): V | undefined {
    const link = this.#links.get(key);
    if (link === undefined) return undefined;
    this.#links.delete(key);
    this.#unchain(link);
    return link.value;
  }

  clear(): void {
    this.#links.clear();
    this.#oldest = undefined;
    this.#newest = undefined;
  }

  /** The oldest first. */
  *values(): Iterable<V> {
    for (let link = this.#oldest; link !== undefined; link = link.newer) yield link.value;
  }

  #append(link: Link<K, V>): void {
    link.older = this.#newest;
    link.newer = undefined;
    if (this.#newest === undefined) this.#oldest = link;
    else this.#newest.newer = link;
    this.#newest = link;
  }

  #unchain({ older, newer }: Link<K, V>): void {
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }
}
