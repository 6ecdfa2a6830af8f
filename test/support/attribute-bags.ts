import { LANGFUSE, SESSION_KEYS, TAG_KEYS, USER_KEYS } from '../../src/attribute-keys.js';
import type { SpanLike } from '../../src/span.js';
import { corpusSpans } from './corpus-spans.js';
import { fc } from './seeded-check.js';
import { spanLike } from './spans.js';

/** Keys that mean something to a convention, every one that a recorded span has among them. */
const KNOWN_KEYS = [
  ...new Set([
    ...Object.values(LANGFUSE),
    ...USER_KEYS,
    ...SESSION_KEYS,
    ...TAG_KEYS,
    ...corpusSpans().flatMap(({ attributes }) => Object.keys(attributes)),
  ]),
];

/** Values that mean something, in the right place or the wrong one. */
const KNOWN_VALUES = [
  'chat',
  'invoke_agent',
  'LLM',
  'generation',
  'event',
  'span',
  'ERROR',
  'true',
  '[]',
  '{}',
  '12.7',
];

const key = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...KNOWN_KEYS) },
  fc.constantFrom(...KNOWN_KEYS).map((known) => `${known}.x`),
  fc
    .constantFrom('gen_ai.prompt.', 'llm.input_messages.')
    .chain((prefix) => fc.nat().map((n) => `${prefix}${n}.content`)),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', 'toString', '', '.', 'langfuse.trace.metadata.__proto__'),
);

const text = fc.oneof(
  fc.constantFrom(...KNOWN_VALUES),
  fc.string({ unit: 'binary' }),
  fc.json(),
  // Cut as the SDK cuts: anywhere.
  fc.json().chain((json) => fc.nat(json.length).map((length) => json.slice(0, length))),
  fc.constantFrom('\ud83d', 'a\0b', '{"a":"\\ud83d"}', '[{"role":"user","content":"\\u0000"}]', 'x'.repeat(1_200)),
);

const value = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.double(),
  fc.integer(),
  fc.bigInt(),
  fc.boolean(),
  fc.constantFrom(null, undefined, Symbol('s'), () => 1, new Date(Number.NaN), new Uint8Array([1, 2]), -0, 1e25),
  fc.array(text, { maxLength: 3 }),
  fc.array(fc.oneof(fc.constant(null), fc.integer(), text), { maxLength: 3 }),
  fc.object({ maxDepth: 3 }),
  fc.integer({ min: 90, max: 400 }).map(nested),
);

function nested(depth: number): unknown {
  let inner: unknown = 'deep';
  for (let n = 0; n < depth; n++) inner = n % 2 === 0 ? [inner] : { inner };
  return inner;
}

const bag: fc.Arbitrary<object> = fc
  .array(fc.tuple(key, value), { maxLength: 24 })
  .map((entries) => Object.fromEntries(entries));

const time = fc
  .tuple(fc.integer({ min: 0, max: 10_413_791_999 }), fc.integer({ min: 0, max: 999_999_999 }))
  .map(([seconds, nanoseconds]) => [seconds, nanoseconds] as const);

/** Any finished span that an SDK, or somebody who thinks he is one, may hand over. */
export const anySpan: fc.Arbitrary<SpanLike> = fc
  .record({
    attributes: bag,
    resource: bag.map((attributes) => ({ attributes })),
    name: text,
    startTime: time,
    endTime: time,
    status: fc.record({ code: fc.constantFrom(0, 1, 2), message: fc.option(text, { nil: undefined }) }),
    events: fc.array(
      fc.record({ name: fc.oneof(text, fc.constantFrom('exception', 'gen_ai.choice')), time, attributes: bag }),
      { maxLength: 2 },
    ),
    links: fc.array(
      bag.map((attributes) => ({
        context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 },
        attributes,
      })),
      { maxLength: 1 },
    ),
    scope: fc.constantFrom('ai', 'genkit-tracer', 'langfuse-sdk', 'pydantic-ai', 'openinference', 'my-tracer'),
    parent: fc.constantFrom(undefined, false, true),
  })
  .map(({ scope, parent, ...span }) =>
    spanLike({
      ...span,
      instrumentationScope: { name: scope },
      parentSpanContext:
        parent === undefined
          ? undefined
          : { traceId: 'a'.repeat(32), spanId: 'c'.repeat(16), traceFlags: 1, isRemote: parent },
    }),
  );
