import { describe, expect, it } from 'vitest';
import { toRecord } from '../../src/encode/record.js';
import type { SpanData } from '../../src/span.js';
import { toObservation } from '../../src/translate/observation.js';
import { spanOf } from '../support/conventions/case-span.js';
import { CONVENTION_CASES } from '../support/conventions/convention-cases.js';
import { fc } from '../support/seeded-check.js';

const spans = CONVENTION_CASES.flatMap(({ cases }) => cases.map(spanOf));
const KEYS = [...new Set(spans.flatMap(({ attributes }) => Object.keys(attributes)))];
const SCOPES = [...new Set(spans.map(({ scope }) => scope.name))];
const NAMES = [...new Set(spans.map(({ name }) => name))];

/** What instrumentations and hostile code put into attributes: the right thing, the wrong kind, half of it. */
const value = fc.oneof(
  fc.constantFrom(...spans.flatMap(({ attributes }) => Object.values(attributes))),
  fc.constantFrom('', 'undefined', 'NaN', '{', '[', '{}', '[]', '"', 'null', '[null]', '{"a":', '\ud83d', '\0'),
  fc.constantFrom(null, undefined, Number.NaN, -1, 1e308, 10n, true, {}, [], [null], [[]], { messages: 'x' }),
  fc.json({ maxDepth: 3 }),
  fc.anything({ maxDepth: 2, withDate: true, withTypedArray: true }),
);
const bag = fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 30 });
const span: fc.Arbitrary<SpanData> = fc
  .record({
    name: fc.constantFrom(...NAMES),
    scope: fc.constantFrom(...SCOPES).map((name) => ({ name })),
    attributes: bag,
    events: fc.array(
      fc.record({
        name: fc.constantFrom('gen_ai.user.message', 'gen_ai.choice', 'gen_ai.client.inference.operation.details', 'x'),
        time: fc.constant([1_790_000_000, 0] as const),
        attributes: bag,
      }),
      { maxLength: 3 },
    ),
  })
  .map((random) => ({ ...spanOf({ says: '', expected: {} }), ...random }));

const recordOf = (one: SpanData) =>
  toRecord(toObservation(one, {}), {
    fields: {},
    spanFields: {},
    startTime: one.startTime,
    concernsTrace: false,
    isRoot: false,
    lendsContent: false,
    spokenAtMs: 0,
  });

describe('a span with any attributes of any conventions', () => {
  it('becomes a record, the same each time', () => {
    fc.assert(
      fc.property(span, (one) => {
        expect(recordOf(one)).toEqual(recordOf(one));
      }),
      { numRuns: 500 },
    );
  });

  it('stays as it was', () => {
    fc.assert(
      fc.property(span, (one) => {
        const before = structuredClone(one);
        toObservation(one, {});
        expect(one).toEqual(before);
      }),
    );
  });
});
