import { describe, expect, it } from 'vitest';
import { type CorpusEvent, corpus } from '../../support/corpus.js';
import {
  applySchema,
  type IngestionEvent,
  rejectionOf,
  toIngestionEvents,
} from '../../support/local-langfuse/otlp/index.js';
import { otlpExport } from '../../support/otlp-export.js';

/** Runs whose events differ from the real server's, each with the reason. */
const KNOWN_DIFFERENCES = new Map<string, string>();

describe('the mapping of spans to ingestion events', () => {
  it.each(corpus().filter(({ name }) => !KNOWN_DIFFERENCES.has(name)))('is the real one for $name', (run) => {
    const body = { resourceSpans: run.resourceSpans };

    expect(rejectionOf(body)).toBeUndefined();
    expect(toIngestionEvents(body, new Set()).map(comparable)).toEqual(run.serverEvents.map(comparable));
  });

  it('gives every event an id of its own', () => {
    const ids = toIngestionEvents(otlpExport({}, {}), new Set()).map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
  });
});

/** Event ids are random, and observation events carry the time of their conversion. */
function comparable({ type, timestamp, body }: CorpusEvent): unknown {
  return type === 'trace-create' ? { type, timestamp, body } : { type, body };
}

const CHILD = { span: { parentSpanId: 'feedfacefeedface', spanId: '1e4d485a726e2913' } };

describe('a trace event', () => {
  it('says only that the trace exists when the first span is a plain child', () => {
    const [trace] = toIngestionEvents(otlpExport(CHILD), new Set());

    expect(trace).toMatchObject({ type: 'trace-create', timestamp: '2026-11-23T08:00:00.000Z' });
    expect(trace?.body).toEqual({
      id: '83d71a89db8a92d2504f210fc5f3733d',
      timestamp: '2026-11-23T08:00:00.000Z',
      environment: 'default',
    });
  });

  it('is not repeated for plain children of a trace that was seen', () => {
    const seen = new Set<string>();
    toIngestionEvents(otlpExport(CHILD), seen);

    expect(types(toIngestionEvents(otlpExport(CHILD), seen))).toEqual(['span-create']);
  });

  it('gives way to a fuller one in the same request', () => {
    const events = toIngestionEvents(otlpExport(CHILD, {}), new Set());

    expect(types(events)).toEqual(['span-create', 'trace-create', 'span-create']);
    expect(events[1]?.body['name']).toBe('work');
  });

  it('comes from a child that says something about the trace, without its content', () => {
    const child = { ...CHILD, attributes: { 'user.id': 'u', 'input.value': 'question' } };
    const [trace] = toIngestionEvents(otlpExport(child), new Set(['83d71a89db8a92d2504f210fc5f3733d']));

    expect(trace?.body).toMatchObject({ userId: 'u', tags: [], version: null, release: null });
    expect(trace?.body).not.toHaveProperty('name');
    expect(trace?.body).not.toHaveProperty('input');
    expect(trace?.body['metadata']).not.toHaveProperty('attributes');
  });

  it.each([
    ['langfuse.trace.public', false],
    ['gen_ai.conversation.id', 'c'],
    ['langfuse.tags', 'a'],
  ])('does not come from %s on a child', (key, value) => {
    const events = toIngestionEvents(otlpExport({ ...CHILD, attributes: { [key]: value } }), new Set());

    expect(Object.keys(events[0]?.body ?? {})).toEqual(['id', 'timestamp', 'environment']);
  });
});

function types(events: readonly IngestionEvent[]): string[] {
  return events.map(({ type }) => type);
}

const GENERATION = {
  'langfuse.observation.type': 'generation',
  'langfuse.observation.model.name': 'gpt-4o',
  'langfuse.observation.usage_details': '{"input":"12","output":1.5,"total":-1}',
  'langfuse.observation.cost_details': '{"total":"0.5","input":0.1}',
};

describe('the event schema', () => {
  it('takes model, usage and cost from a span', () => {
    const span = { ...GENERATION, 'langfuse.observation.type': 'span' };
    const body = applied(span)?.body ?? {};

    expect(body).toMatchObject({ name: 'work', level: 'DEFAULT' });
    for (const key of ['model', 'modelParameters', 'usageDetails', 'costDetails']) expect(body).not.toHaveProperty(key);
  });

  it('keeps what are counts and costs', () => {
    expect(applied(GENERATION)?.body).toMatchObject({ usageDetails: { input: 12 }, costDetails: { input: 0.1 } });
  });

  it.each([
    { 'langfuse.observation.prompt.name': 'p' },
    { 'langfuse.observation.prompt.name': 'p', 'langfuse.observation.prompt.version': '1' },
    { 'langfuse.observation.completion_start_time': 'Nov 23 2026' },
    { 'langfuse.observation.model.parameters': '5' },
    { 'langfuse.version': 5 },
  ])('refuses a generation with %o', (attributes) => {
    expect(applied({ ...GENERATION, ...attributes })).toBeUndefined();
  });

  function applied(attributes: Record<string, string | number>): IngestionEvent | undefined {
    const event = toIngestionEvents(otlpExport({ attributes }), new Set()).find(({ type }) => type !== 'trace-create');
    return event && applySchema(event);
  }
});
