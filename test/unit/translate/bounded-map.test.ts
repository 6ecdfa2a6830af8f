import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BoundedMap } from '../../../src/translate/bounded-map.js';

it('holds what was used last, in the order of use', () => {
  const key = fc.integer({ min: 0, max: 5 });
  const step = fc.oneof(
    fc.record({ does: fc.constant('set' as const), key }),
    fc.record({ does: fc.constantFrom('get' as const, 'delete' as const), key }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 40 }), (capacity, steps) => {
      const map = new BoundedMap<number, number>(capacity);
      let expected: { key: number; value: number }[] = [];
      for (const [value, { does, key: given }] of steps.entries()) {
        const known = expected.find((entry) => entry.key === given);
        const others = expected.filter((entry) => entry.key !== given);
        if (does === 'get') {
          expect(map.get(given)).toBe(known?.value);
          if (known) expected = [...others, known];
        } else if (does === 'delete') {
          map.delete(given);
          expected = others;
        } else {
          const forgotten = map.set(given, value);
          if (known) known.value = value;
          else expected.push({ key: given, value });
          expect(forgotten).toBe(expected.length > capacity ? expected.shift()?.value : undefined);
        }
        expect([...map.values()]).toEqual(expected.map((entry) => entry.value));
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
