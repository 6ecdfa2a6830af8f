import { describe, expect, it } from 'vitest';
import type { SpanLike } from '../../../src/span.js';
import { childrenFirst } from '../../../src/translate/children-first.js';
import { spanId } from '../../support/observations.js';
import { fc } from '../../support/seeded-check.js';
import { spanLike } from '../../support/spans.js';

const numberOf = (span: SpanLike): number => Number.parseInt(span.spanContext().spanId, 16);

function span(n: number, parent?: number): SpanLike {
  return spanLike({ id: spanId(n), ...(parent === undefined ? {} : { parentSpanId: spanId(parent) }) });
}

describe('children before their parents', () => {
  it('leaves a batch alone that is in order', () => {
    const spans = [span(3, 2), span(2, 1), span(4, 1), span(1)];
    expect(childrenFirst(spans)).toEqual(spans);
  });

  it('brings spans that were grouped by scope back into the order of their ends', () => {
    expect(childrenFirst([span(5), span(1), span(2, 1), span(4), span(3, 2)]).map(numberOf)).toEqual([5, 3, 2, 1, 4]);
  });

  it('takes any batch, with parents of another one or in a circle, and loses nothing', () => {
    const link = fc.tuple(
      fc.integer({ min: 1, max: 8 }),
      fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
    );
    fc.assert(
      fc.property(fc.array(link), (links) => {
        const spans = links.map(([n, parent]) => span(n, parent));
        expect(new Set(childrenFirst(spans))).toEqual(new Set(spans));
      }),
    );
  });

  it('puts every child before its parent in a tree, however it was mixed', () => {
    const tree = fc
      .array(fc.nat(), { minLength: 1, maxLength: 20 })
      .map((seeds) => seeds.map((seed, n) => span(n + 1, n === 0 ? undefined : 1 + (seed % n))));
    fc.assert(
      fc.property(
        tree.chain((spans) => fc.shuffledSubarray(spans, { minLength: spans.length })),
        (mixed) => {
          const places = new Map(childrenFirst(mixed).map((one, place) => [numberOf(one), place]));
          for (const one of mixed) {
            const parent = one.parentSpanId === undefined ? undefined : Number.parseInt(one.parentSpanId, 16);
            if (parent !== undefined) expect(places.get(numberOf(one))).toBeLessThan(places.get(parent) ?? -1);
          }
        },
      ),
    );
  });
});
