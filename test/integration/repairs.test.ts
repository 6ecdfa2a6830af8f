import { describe, expect, it } from 'vitest';
import { exporting } from '../support/exporting.js';
import type { ProfileName } from '../support/local-langfuse/index.js';
import { spanId } from '../support/observations.js';
import { spanLike } from '../support/spans.js';

const LLM = { 'gen_ai.operation.name': 'chat' };

/** What loses a whole insert batch on the way of `@langfuse/otel`, or the event, or the request. */
const POISON: readonly (readonly [string, object, string])[] = [
  ['half an emoji', { ...LLM, 'gen_ai.input.messages': 'cut \ud83d' }, 'unicode'],
  ['half an emoji as an escape', { ...LLM, 'langfuse.observation.input': '{"text":"\\ud83d"}' }, 'unicode'],
  ['half an emoji in a key', { ...LLM, 'key \ud83d': 'x' }, 'unicode'],
  ['a NUL in the session', { ...LLM, 'session.id': 's\0' }, 'unicode'],
  [
    'JSON nested 5,000 deep',
    { ...LLM, 'langfuse.observation.input': `${'['.repeat(5_000)}${']'.repeat(5_000)}` },
    'depth',
  ],
  ['metadata nested 2,000 deep', { ...LLM, 'langfuse.observation.metadata.x': deep(2_000) }, 'depth'],
  [
    'a key __proto__',
    JSON.parse('{"gen_ai.operation.name":"chat","langfuse.observation.metadata":"{\\"__proto__\\":1}"}') as object,
    'key',
  ],
  ['a token count of 1e25', { ...LLM, 'gen_ai.usage.input_tokens': 1e25 }, 'number'],
  ['a trace name of 5,000', { ...LLM, 'langfuse.trace.name': 'n'.repeat(5_000) }, 'size'],
];

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = { a: value };
  return value;
}

describe.each<ProfileName>(['v2.95', 'v3.37', 'v3.97', 'v3.225', 'v4-events-only'])('on %s', (profile) => {
  it.each(POISON)(
    'a span with %s takes no other along, arrives, and says that it was mended',
    async (_, attributes, kind) => {
      const { server, processor } = await exporting(profile);
      processor.onEnd(spanLike({ id: spanId(1), traceId: '1'.repeat(32), attributes }));
      processor.onEnd(spanLike({ id: spanId(2), traceId: '2'.repeat(32), attributes: LLM }));
      expect(await processor.flush()).toMatchObject({ delivered: 2, rejected: 0 });
      expect(
        server
          .observations()
          .map(({ id }) => id)
          .sort(),
      ).toEqual([spanId(1), spanId(2)]);
      const { repaired, truncated } = processor.status().counters;
      expect({ ...repaired, ...truncated }).toMatchObject({ [kind]: 1 });
      expect(JSON.stringify(server.observation(spanId(1))?.metadata)).toContain(kind);
      expect(JSON.stringify(server.observation(spanId(2))?.metadata)).not.toContain('repaired');
    },
  );
});

it.each<[ProfileName, object]>([
  ['v2.95', { a: 1 }],
  ['v3.225', JSON.parse('{"__proto__":{"b":1},"a":1}') as object],
])(
  'a key __proto__ in JSON text is left out where that is sent as a structure, uncounted: on %s',
  async (profile, input) => {
    const { server, processor } = await exporting(profile);
    const attributes = { ...LLM, 'langfuse.observation.input': '{"__proto__":{"b":1},"a":1}' };
    processor.onEnd(spanLike({ id: spanId(1), attributes }));
    await processor.flush();
    expect(JSON.stringify(server.observation(spanId(1))?.input)).toBe(JSON.stringify(input));
    expect(processor.status().counters.repaired.key).toBe(0);
  },
);

describe('ids that are none', () => {
  it.each<ProfileName>(['v3.225', 'v4-events-only'])(
    'are made from what they were, so that a trace stays one, on %s',
    async (profile) => {
      const { server, processor } = await exporting(profile);
      const traceId = 'not "hex"';
      const parent = { traceId, spanId: 'the root', traceFlags: 1 };
      processor.onEnd(spanLike({ id: 'a child', traceId, attributes: LLM, parentSpanContext: parent }));
      processor.onEnd(spanLike({ id: 'the root', traceId, attributes: LLM }));
      expect(await processor.flush()).toMatchObject({ delivered: 2 });
      const [child, root] = [...server.observations()].sort((a) => (a.parentObservationId ? -1 : 1));
      expect(child?.parentObservationId).toBe(root?.id);
      expect(child?.traceId).toBe(root?.traceId);
      expect(root?.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(processor.status().counters.repaired.id).toBe(2);
    },
  );
});
