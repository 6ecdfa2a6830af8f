import { expect, it } from 'vitest';
import { BoundedMap } from '../../../src/translate/bounded-map.js';
import { fc } from '../../support/seeded-check.js';

interface Entry {
  readonly key: number;
  value: number;
}

/** The same in few words, in a list. */
class SimpleMap {
  entries: Entry[] = [];
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: number): number | undefined {
    const known = this.entries.find((entry) => entry.key === key);
    if (known) this.entries = [...this.entries.filter((entry) => entry !== known), known];
    return known?.value;
  }

  set(key: number, value: number): number | undefined {
    const known = this.entries.find((entry) => entry.key === key);
    if (known) known.value = value;
    else this.entries.push({ key, value });
    return this.entries.length > this.#capacity ? this.entries.shift()?.value : undefined;
  }

  delete(key: number): void {
    this.entries = this.entries.filter((entry) => entry.key !== key);
  }
}

it('holds what was used last, in the order of use', () => {
  const step = fc.record({ does: fc.constantFrom('get', 'set', 'delete'), key: fc.integer({ min: 0, max: 5 }) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 40 }), (capacity, steps) => {
      const map = new BoundedMap<number, number>(capacity);
      const simple = new SimpleMap(capacity);
      for (const [value, { does, key }] of steps.entries()) {
        if (does === 'get') expect(map.get(key)).toBe(simple.get(key));
        if (does === 'set') expect(map.set(key, value)).toBe(simple.set(key, value));
        if (does === 'delete') for (const one of [map, simple]) one.delete(key);
        expect([...map.values()]).toEqual(simple.entries.map((entry) => entry.value));
      }
    }),
  );
});

it('takes as long for a new key when it is full as before', () => {
  const map = new BoundedMap<number, number>(20_000);
  const msOf = (from: number): number => {
    const startedAt = performance.now();
    for (let key = from; key < from + 20_000; key++) map.set(key, key);
    return performance.now() - startedAt;
  };
  const filling = msOf(0);
  // A walk over the gaps would make it a hundred times as long.
  expect(msOf(20_000)).toBeLessThan(20 * filling + 50);
});
