import type { SpanLike } from '../../src/index.js';
import { fc } from './seeded-check.js';
import { spanLike } from './spans.js';

/** Any text, often one that a server chokes on, or JSON text with such a text in it. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('cut \ud83d', '\udc00 tail', 'a\0b', '', '__proto__', '😀'.repeat(3), '\u2028', 'x'.repeat(300)),
  fc.constantFrom(
    '{"a":"\\ud83d"}',
    '["\\u0000","ok"]',
    ' {"\\uDC00":1.0}',
    '"\\ud83d\\ude00"',
    JSON.stringify({ inner: '{"deep":["\\ud83d"]}' }),
    JSON.stringify({ twice: JSON.stringify({ once: '{"x":"\\u0000"}' }) }),
    '{"__proto__":{"a":1}}',
    '{"a":"\\ud83d',
  ),
  fc.integer({ min: 80, max: 1_500 }).map((depth) => `${'['.repeat(depth)}"x"${']'.repeat(depth)}`),
  fc
    .integer({ min: 80, max: 300 })
    .map((depth) => JSON.stringify({ text: `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}` })),
);

const hostileNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(1e25, 1e19, 1e15, -5, 0.5, 2 ** 53, 2 ** 53 - 1, Number.NaN, Number.POSITIVE_INFINITY, -0),
);

function nested(depth: number): unknown {
  let value: unknown = 'bottom \ud83d';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value, null] : { a: value, u: undefined };
  return value;
}

/** In which more happens than reading. */
const hostileObjects: readonly object[] = [
  new Map<unknown, unknown>([
    ['cut \ud83d', 'a\0b'],
    [['__proto__'], 1],
    [{}, nested(95)],
  ]),
  new Set(['a\0b', nested(95)]),
  { toJSON: () => nested(200), a: 'cut \ud83d' },
  new Proxy({}, { get: (_, key) => (key === 'toJSON' ? () => nested(200) : undefined) }),
  Object.defineProperty({}, 'a', { enumerable: true, get: () => nested(200) }),
  Object.assign(new Date(0), { toISOString: () => '"\\ud83d' }),
  Object.create(Date.prototype) as object,
];

/** Anything that an attribute, or a mask, can be in plain JavaScript. */
export const hostileValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  any: fc.oneof(
    { weight: 4, arbitrary: hostileText },
    { weight: 2, arbitrary: hostileNumber },
    fc.constantFrom<unknown>(null, undefined, true, false, 10n ** 30n, Symbol('s'), new Date(Number.NaN)),
    fc.uint8Array({ maxLength: 8 }),
    fc.constantFrom<unknown>(...hostileObjects),
    fc.integer({ min: 80, max: 600 }).map(nested),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(hostileText, tie('any'), { maxKeys: 4 }),
  ),
})).any;

/** Keys that conventions read, and any others. */
const key = fc.oneof(
  fc.constantFrom(
    'langfuse.observation.input',
    'langfuse.observation.output',
    'langfuse.observation.metadata',
    'langfuse.observation.metadata.note',
    'langfuse.observation.metadata.__proto__',
    'langfuse.observation.usage_details',
    'langfuse.observation.cost_details',
    'langfuse.observation.prompt.name',
    'langfuse.observation.prompt.version',
    'langfuse.observation.model.parameters',
    'langfuse.observation.level',
    'langfuse.observation.status_message',
    'langfuse.observation.type',
    'langfuse.trace.name',
    'langfuse.trace.input',
    'langfuse.trace.metadata.plan',
    'langfuse.trace.tags',
    'langfuse.trace.public',
    'langfuse.environment',
    'langfuse.release',
    'user.id',
    'session.id',
  ),
  fc.constantFrom(
    'gen_ai.operation.name',
    'gen_ai.request.model',
    'gen_ai.input.messages',
    'gen_ai.output.messages',
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.output_tokens',
    'gen_ai.prompt.1000000000.content',
    'gen_ai.prompt.0.content',
    'llm.input_messages.1000000000.message.content',
    'llm.input_messages.0.message.content',
    'ai.prompt.messages',
    'ai.telemetry.metadata.x',
    'input.value',
    'output.value',
  ),
  hostileText,
);

const attributes = fc
  .array(fc.tuple(key, hostileValue), { maxLength: 12 })
  .map((entries) => Object.fromEntries(entries) as object);

const id = (digits: number): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .bigInt({ min: 1n, max: 16n ** BigInt(digits) - 1n })
        .map((n) => n.toString(16).padStart(digits, '0')),
    },
    fc.constantFrom(
      '0'.repeat(digits),
      'F'.repeat(digits),
      '',
      'x"',
      'cut \ud83d',
      '6f9619ff-8b86-d011-b42d-00cf4fc964ff',
    ),
  );

const event = fc.record({
  name: hostileText,
  time: fc.constant([1_790_000_000, 5] as [number, number]),
  attributes: fc.option(attributes, { nil: undefined }),
});
const link = fc.record({
  context: fc.record({ traceId: id(32), spanId: id(16), traceFlags: fc.constant(1) }),
  attributes: fc.option(attributes, { nil: undefined }),
});

/** A span whose every part may be anything. */
export const hostileSpan: fc.Arbitrary<SpanLike> = fc
  .record({
    traceId: id(32),
    spanId: id(16),
    parent: fc.option(id(16), { nil: undefined }),
    name: hostileText,
    statusMessage: hostileText,
    statusCode: fc.constantFrom<unknown>(0, 1, 2, 7, 'STATUS_CODE_ERROR', null),
    attributes,
    events: fc.array(event, { maxLength: 3 }),
    links: fc.array(link, { maxLength: 2 }),
    resource: attributes,
    scope: fc.record({ name: hostileText, version: fc.option(hostileText, { nil: undefined }), attributes }),
  })
  .map(({ traceId, spanId, parent, name, statusMessage, statusCode, resource, scope, ...rest }) =>
    spanLike({
      ...rest,
      name,
      status: { code: statusCode as number, message: statusMessage },
      resource: { attributes: resource },
      instrumentationScope: scope,
      spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
      ...(parent === undefined ? {} : { parentSpanContext: { traceId, spanId: parent, traceFlags: 1 } }),
    }),
  );
