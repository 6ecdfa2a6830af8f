import { type ChangeKind, WireChanges } from '../wire-rules.js';

/** What was made of an object, and what had to be changed about it. */
interface Made<V> {
  readonly value: V;
  readonly kinds: readonly ChangeKind[] | undefined;
}

type Make<K, V> = (key: K, changes: WireChanges) => V;

/** What is made once of an object that many spans share. */
export class JsonCache<K extends object, V> {
  readonly #known = new WeakMap<K, Made<V>>();
  readonly #make: Make<K, V>;

  constructor(make: Make<K, V>) {
    this.#make = make;
  }

  of(key: K, changes: WireChanges): V {
    let known = this.#known.get(key);
    if (known === undefined) {
      known = made(this.#make, key);
      this.#known.set(key, known);
    }
    return noted(known, changes);
  }
}

/** The same of objects that a few spans in a row share, which are then not seen again: only the last is remembered. */
export class LastJson<K extends object, V> {
  readonly #make: Make<K, V>;
  #key: K | undefined;
  #last: Made<V> | undefined;

  constructor(make: Make<K, V>) {
    this.#make = make;
  }

  of(key: K, changes: WireChanges): V {
    if (this.#last === undefined || this.#key !== key) {
      this.#last = made(this.#make, key);
      this.#key = key;
    }
    return noted(this.#last, changes);
  }
}

function made<K, V>(make: Make<K, V>, key: K): Made<V> {
  const own = new WireChanges();
  const value = make(key, own);
  return { value, kinds: own.kinds };
}

function noted<V>({ value, kinds }: Made<V>, changes: WireChanges): V {
  if (kinds) for (const kind of kinds) changes.note(kind);
  return value;
}
