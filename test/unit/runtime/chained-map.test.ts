import { expect, it } from 'vitest';
import { ChainedMap } from '../../../src/runtime/chained-map.js';
import { fc } from '../../support/seeded-check.js';

it('is a Map whose oldest entry is known, and whose entries can be renewed', () => {
  const step = fc.record({
    does: fc.constantFrom('get', 'renew', 'set', 'delete', 'has', 'clear'),
    key: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const chained = new ChainedMap<number, number>();
      const plain = new Map<number, number>();
      for (const [value, { does, key }] of steps.entries()) {
        const before = plain.get(key);
        switch (does) {
          case 'get':
            expect(chained.get(key)).toBe(before);
            break;
          case 'renew':
            expect(chained.renew(key)).toBe(before);
            if (before !== undefined && plain.delete(key)) plain.set(key, before);
            break;
          case 'set':
            chained.set(key, value);
            plain.set(key, value);
            break;
          case 'delete':
            expect(chained.delete(key)).toBe(before);
            plain.delete(key);
            break;
          case 'has':
            expect(chained.has(key)).toBe(plain.has(key));
            break;
          case 'clear':
            chained.clear();
            plain.clear();
        }
        expect([...chained.values()]).toEqual([...plain.values()]);
        expect(chained.size).toBe(plain.size);
        expect(chained.oldest?.key).toBe([...plain.keys()][0]);
      }
    }),
  );
});
