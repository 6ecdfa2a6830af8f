import { type ChangeKind, WireChanges } from '../wire-rules.js';

/** What is made once of an object that many spans share, together with what had to be changed about it. */
export class JsonCache<K extends object, V> {
  readonly #known = new WeakMap<K, { readonly value: V; readonly kinds: readonly ChangeKind[] | undefined }>();
  readonly #make: (key: K, changes: WireChanges) => V;

  constructor(make: (key: K, changes: WireChanges) => V) {
    this.#make = make;
  }

  of(key: K, changes: WireChanges): V {
    let known = this.#known.get(key);
    if (known === undefined) {
      const own = new WireChanges();
      const value = this.#make(key, own);
      known = { value, kinds: own.kinds };
      this.#known.set(key, known);
    }
    if (known.kinds) for (const kind of known.kinds) changes.note(kind);
    return known.value;
  }
}
