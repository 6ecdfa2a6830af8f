import { describe, expect, it } from 'vitest';
import { readable } from '../../src/translate/messages/readable.js';
import { fc } from '../support/seeded-check.js';

/** Everything as far as it can be parsed, so that hidden and shown content compare. */
function opened(value: unknown): unknown {
  if (typeof value === 'string') {
    try {
      const inner: unknown = JSON.parse(value);
      return typeof inner === 'object' && inner !== null ? opened(inner) : value;
    } catch {
      return value;
    }
  }
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, opened(item)]));
}

/** JSON values, some of whose texts are JSON again. */
const content = fc
  .jsonValue({ maxDepth: 3 })
  .chain((inner) =>
    fc.oneof(
      fc.constant(inner),
      fc.record({ role: fc.constantFrom('user', 'tool'), content: fc.constant(JSON.stringify(inner)) }),
      fc.record({ arguments: fc.constant(JSON.stringify({ again: JSON.stringify(inner) })) }),
    ),
  );

describe('readable content', () => {
  it('says what the original says, no more and no less', () => {
    fc.assert(
      fc.property(content, (value) => {
        const asText = JSON.stringify(value);
        expect(opened(readable(value))).toEqual(opened(value));
        expect(opened(readable(asText))).toEqual(opened(asText));
      }),
    );
  });

  it('does not change when it is made readable again', () => {
    fc.assert(
      fc.property(content, (value) => {
        const once = readable(value);
        expect(readable(once)).toBe(once);
      }),
    );
  });

  it('takes time in proportion to its size, whatever is in it', () => {
    const hostile = ['"{', '"[{', '[{"a":', '"lc":1,', ':1234567890123456,', '\\"{', '{"a":"{'];
    for (const piece of hostile) {
      const started = performance.now();
      for (const frame of [piece.repeat(1_000_000 / piece.length), `{${piece.repeat(1_000_000 / piece.length)}}`])
        readable({ arguments: frame, content: frame });
      // A quadratic walk over a million characters would take minutes.
      expect(performance.now() - started).toBeLessThan(2_000);
    }
  });
});
