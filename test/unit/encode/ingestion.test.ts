import { describe, expect, it } from 'vitest';
import { ingestionEncoder } from '../../../src/encode/ingestion.js';
import type { ServerTraits } from '../../../src/ports.js';
import type { ObservationRecord } from '../../../src/record.js';
import { TraceMemory } from '../../../src/translate/trace-memory.js';
import { record, spanId } from '../../support/observations.js';

interface Event {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly body: { readonly [field: string]: unknown };
}

const NEW: ServerTraits = { version: '3.225.4', manyTypes: true, oldUsage: false, wantsStructures: false };
const V2: ServerTraits = { version: '2.95.12', manyTypes: false, oldUsage: true, wantsStructures: true };
const PARENT = { position: 'inner', parentId: 'aaaaaaaaaaaaaaaa' } as const;

function encode(records: readonly ObservationRecord[], traits = NEW) {
  const { body, recordsOf } = ingestionEncoder.encode(records, traits);
  const { batch } = JSON.parse(new TextDecoder().decode(body)) as { readonly batch: readonly Event[] };
  return { batch, recordsOf };
}

describe('ingestion events', () => {
  it('are one for the observation and, from the root, one for the trace', () => {
    const { batch } = encode([record({ name: 'agent', input: 'hi', trace: { userId: 'u', tags: ['a'] } })]);
    expect(batch.map(({ type }) => type)).toEqual(['trace-create', 'span-create']);
    expect(batch[0]?.body).toEqual({
      id: '0af7651916cd43dd8448eb211c80319c',
      timestamp: '2026-09-21T14:13:20.000Z',
      environment: 'default',
      name: 'agent',
      userId: 'u',
      tags: ['a'],
      input: 'hi',
      metadata: {
        resourceAttributes: { 'service.name': 'test' },
        scope: { name: 'test-scope', version: '1.2.3', attributes: {} },
      },
    });
    expect(batch[1]?.body).toMatchObject({
      id: 'b7ad6b7169203331',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      name: 'agent',
      startTime: '2026-09-21T14:13:20.000Z',
      endTime: '2026-09-21T14:13:21.500Z',
      level: 'DEFAULT',
      input: 'hi',
      metadata: {
        resourceAttributes: { 'service.name': 'test' },
        scope: { name: 'test-scope', version: '1.2.3', attributes: {} },
      },
    });
    expect(batch[1]?.body).not.toHaveProperty('parentObservationId');
  });

  it('name nothing that is not known, because a null overwrites on the server', () => {
    expect(JSON.stringify(encode([record(PARENT)]).batch)).not.toContain('null');
  });

  it('keep one trace event for each trace and batch, the root’s, and tie to it every record that made one', () => {
    const memory = new TraceMemory();
    const child = record({ ...PARENT, id: spanId(1), trace: { userId: 'u' } }, memory);
    const root = record({ id: spanId(2) }, memory);
    const { batch, recordsOf } = encode([child, root]);
    const traceEvents = batch.filter(({ type }) => type === 'trace-create');
    expect(traceEvents).toHaveLength(1);
    expect(traceEvents[0]?.body).toMatchObject({ name: 'work', userId: 'u' });
    expect(recordsOf.get(traceEvents[0]?.id ?? '')).toEqual([0, 1]);
  });

  it('let the root speak last on the server, however early it is sent', () => {
    const memory = new TraceMemory();
    const events = [
      record({ ...PARENT, startTime: [1_790_000_000, 900_000_000] }, memory),
      record({ id: spanId(2) }, memory),
    ];
    const [child, root] = events.map(({ traceEvent }) => traceEvent?.timestamp ?? '');
    expect((child ?? '') < (root ?? '')).toBe(true);
  });

  it('give an unknown type to an old server as the nearest it knows, and keep the type that was meant', () => {
    const agent = record({ ...PARENT, type: 'agent' });
    const embedding = record({ ...PARENT, type: 'embedding', model: 'm', usage: { input: 19, total: 19 } });
    const { batch } = encode([agent, embedding], V2);
    const observations = batch.filter(({ type }) => type !== 'trace-create');
    expect(observations.map(({ type }) => type)).toEqual(['span-create', 'generation-create']);
    expect(observations[0]?.body['metadata']).toMatchObject({ 'langfuse.observation.type': 'agent' });
    expect(encode([agent]).batch.map(({ type }) => type)).toContain('agent-create');
  });

  it('tell a v2 server whole token counts, and content as structure', () => {
    const usage = { input: 163, input_cached_tokens: 1_024, output: 214, output_reasoning_tokens: 128, total: 1_529 };
    const made = record({
      ...PARENT,
      type: 'generation',
      model: 'm',
      usage,
      cost: { total: 0.5 },
      input: '[{"role":"user"}]',
      output: '{cut',
    });
    const event = encode([made], V2).batch.find(({ type }) => type === 'generation-create');
    expect(event?.body).toMatchObject({
      usage: { input: 1_187, output: 342, total: 1_529, unit: 'TOKENS', totalCost: 0.5 },
      input: [{ role: 'user' }],
      output: '{cut',
    });
  });

  it('keep in the metadata what spans and events have no place for', () => {
    const made = record({ ...PARENT, model: 'm', modelParameters: { seed: 7 }, usage: { input: 1, total: 1 } });
    const event = encode([made]).batch.find(({ type }) => type === 'span-create');
    expect(event?.body).not.toHaveProperty('model');
    expect(event?.body['metadata']).toMatchObject({
      'langfuse.observation.model.name': 'm',
      'langfuse.observation.model.parameters': { seed: 7 },
      'langfuse.observation.usage_details': { input: 1, total: 1 },
    });
  });

  it('leave out the end of an event, which is a moment', () => {
    const event = encode([record({ ...PARENT, type: 'event' })]).batch.find(({ type }) => type === 'event-create');
    expect(event?.body).not.toHaveProperty('endTime');
  });

  it('let the user’s own metadata stand where ours would have the same name', () => {
    const { batch } = encode([record({ ...PARENT, metadata: { scope: 'mine', resourceAttributes: 'mine too' } })]);
    expect(batch.at(-1)?.body['metadata']).toMatchObject({ scope: 'mine', resourceAttributes: 'mine too' });
  });
});
